import { memoryUsage } from 'node:process';
import { describe, expect, it } from 'vitest';
import { findTemplateError, SMALL_LIMITS } from '../testing/render-template.ts';

/** Generous: a busy machine must not fail what the bounds, counted in steps, hold everywhere. */
const longestMs = 5000;

describe('a hostile template is stopped', () => {
  it.each([
    [
      'reading a long text in a loop',
      '{{$s := repeat 500000 "a"}}{{range until 1000000}}{{$x := upper $s}}{{end}}',
    ],
    [
      'hashing one in a loop',
      '{{$s := repeat 500000 "a"}}{{range until 1000000}}{{$x := sha256sum $s}}{{end}}',
    ],
    ['growing a list item by item', '{{$l := list}}{{range until 900000}}{{$l = append $l 1}}{{end}}'],
    ['doubling a list', '{{$l := list 1}}{{range until 60}}{{$l = concat $l $l}}{{end}}'],
    ['making long lists', '{{range until 1000}}{{$x := until 100000}}{{end}}'],
    ['comparing each with each', '{{until 20000 | uniq | len}}'],
    [
      'searching a long list in a loop',
      '{{$l := until 20000}}{{range until 100000}}{{$x := has "x" $l}}{{end}}',
    ],
    [
      'sorting the keys of a growing map',
      '{{$d := dict}}{{range $i, $e := until 100000}}{{$_ := set $d (toString $i) 1}}{{$x := keys $d}}{{end}}',
    ],
    [
      'copying what unfolds',
      '{{$d := dict}}{{range until 60}}{{$d = dict "a" $d "b" $d}}{{end}}{{$x := deepCopy $d}}',
    ],
    [
      'comparing what unfolds',
      '{{$d := dict}}{{$e := dict}}{{range until 60}}{{$d = dict "a" $d "b" $d}}{{$e = dict "a" $e "b" $e}}{{end}}{{deepEqual $d $e}}',
    ],
    [
      'writing JSON that unfolds',
      '{{$d := dict}}{{range until 60}}{{$d = dict "a" $d "b" $d}}{{end}}{{toJson $d}}',
    ],
    ['deriving passwords', '{{range until 1000}}{{$x := derivePassword 1 "long" "p" "u" "s"}}{{end}}'],
    [
      'guessing zones',
      '{{range $i, $e := until 300000}}{{$x := dateInZone "2006" $i (printf "Z/%d" $i)}}{{end}}',
    ],
    [
      'keeping long texts',
      '{{$l := list}}{{range until 900000}}{{$l = append $l (repeat 100000 "a")}}{{end}}',
    ],
    [
      'keeping what JSON unfolds to',
      '{{$s := printf "[%s1]" (repeat 200000 "1,")}}{{range until 1000}}{{$x := fromJson $s}}{{end}}',
    ],
    ['reading long numbers', '{{$n := repeat 100000 "9"}}{{range until 100000}}{{$x := atoi $n}}{{end}}'],
  ])('%s', (_what, template) => {
    const before = performance.now();
    expect(findTemplateError(template, {}, SMALL_LIMITS)?.code).toBe('TEMPLATE_TOO_LARGE');
    expect(performance.now() - before).toBeLessThan(longestMs);
  });

  it.each([
    ['doubling a list', '{{$l := list 1}}{{range until 60}}{{$l = concat $l $l}}{{end}}'],
    ['making one long list', '{{len (until 2000000)}}'],
    [
      'making many',
      '{{$d := dict}}{{range $i, $e := until 1000}}{{$_ := set $d (toString $i) (until 100000)}}{{end}}',
    ],
    ['doubling a text', '{{$s := "a"}}{{range until 60}}{{$s = printf "%s%s" $s $s}}{{end}}'],
    [
      'keeping what JSON unfolds to',
      '{{$s := printf "[%s1]" (repeat 3000000 "1,")}}{{$x := fromJson $s}}{{$y := fromJson $s}}',
    ],
  ])('%s, before it has taken half a gibibyte', (_what, template) => {
    const before = memoryUsage().rss;
    expect(findTemplateError(template)?.code).toBe('TEMPLATE_TOO_LARGE');
    expect(memoryUsage().rss - before).toBeLessThan(512 * 1024 * 1024);
  });

  it('nesting deeper than the stack, with an error of ours', () => {
    const template = '{{$d := dict}}{{range until 50000}}{{$d = dict "a" $d}}{{end}}{{toJson $d}}';
    expect(findTemplateError(template)?.code).toBe('TEMPLATE_FAILED');
  });
});
