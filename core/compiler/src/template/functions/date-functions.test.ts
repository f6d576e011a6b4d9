import { describe, expect, it } from 'vitest';
import { findTemplateError, renderTemplate } from '../../testing/render-template.ts';

const data = { DSTART: '2022-09-18T00:00:00Z', local: '2022-09-18T22:30:00+07:00' };

it.each([
  ['.DSTART | Date', '2022-09-18'],
  ['Date .local', '2022-09-18'],
  ['Date (now)', '2022-09-19'],
  ['now', '2022-09-19 02:30:45 +0000 UTC'],
  ['now | date "20060102"', '20220919'],
  ['date "15:04" 90', '00:01'],
  ['dateInZone "2006-01-02 15:04 MST" (now) "Asia/Jakarta"', '2022-09-19 09:30 WIB'],
  ['dateInZone "15:04 MST" (now) "No/Zone"', '02:30 UTC'],
  ['htmlDate (now)', '2022-09-19'],
  ['htmlDateInZone (now) "Pacific/Apia"', '2022-09-19'],
  ['now | dateModify "-24h" | date "2006-01-02"', '2022-09-18'],
  ['now | date_modify "nonsense" | date "2006-01-02"', '2022-09-19'],
  ['toDate "2006-01-02" "2024-02-29" | unixEpoch', '1709164800'],
  ['toDate "2006-01-02" "nonsense"', '0001-01-01 00:00:00 +0000 UTC'],
  ['ago (toDate "2006-01-02T15:04:05Z07:00" .DSTART)', '26h30m45s'],
  ['duration "95"', '1m35s'],
  ['durationRound "2h10m5s"', '2h'],
  ['(now).Year', '2022'],
  ['(now).Weekday', 'Monday'],
  ['(toDate "2006" "2022").YearDay', '1'],
])('%s is %s', (expression, expected) => {
  expect(renderTemplate(`{{${expression}}}`, data)).toBe(expected);
});

describe('a date from another', () => {
  it.each([
    ['"" ""', '2022-09-18'],
    ['"1" ""', '2022-09-01'],
    ['"+1" ""', '2022-09-19'],
    ['"-18" ""', '2022-08-31'],
    ['"1" "-2"', '2022-07-01'],
    ['"1" "12"', '2022-12-01'],
    ['"31" "2"', '2022-03-03'],
    ['"" "+4"', '2023-01-18'],
  ])('by day and month %s is %s', (shift, expected) => {
    expect(renderTemplate(`{{dateFromStr ${shift} .DSTART | Date}}`, data)).toBe(expected);
    expect(renderTemplate(`{{dateFrom ${shift} (toDate "2006-01-02" "2022-09-18") | Date}}`)).toBe(expected);
  });

  it('keeps the time of the day and the zone', () => {
    expect(renderTemplate('{{dateFromStr "1" "" .local}}', data)).toBe('2022-09-01 22:30:00 +0700 +0700');
  });

  it('refuses what is no number, and what is no time', () => {
    expect(findTemplateError('{{dateFrom "first" "" now}}')?.message).toContain('the day is not a number');
    expect(findTemplateError('{{dateFromStr "" "" "today"}}')?.message).toContain('is not an RFC 3339 time');
  });
});

it.each([
  ['Date "2022-09-18"', 'the text is not an RFC 3339 time'],
  ['Date 5', 'Date takes an RFC 3339 time'],
  ['mustToDate "2006-01-02" "18.9.2022"', 'does not have the form "2006-01-02"'],
  ['mustDateModify "1d" now', 'the text is not a duration'],
  ['unixEpoch 5', 'expected time.Time; got int'],
  ['date (repeat 2000 "2006") now', 'the layout is longer than 1000 characters'],
])('%s fails: %s', (expression, message) => {
  expect(findTemplateError(`{{${expression}}}`)?.message).toContain(message);
});
