import { describe, expect, it } from 'vitest';
import { detectProtocol } from './protocol-sniffer.ts';

describe('detectProtocol', () => {
  it.each([
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http2'],
    ['PRI ', 'http2'],
    ['GET / HTTP/1.1', 'http1'],
    ['POST', 'http1'],
    ['PROPFIND /', 'http1'],
    ['PRIVATE /', 'http1'],
    ['\x16\x03\x01', 'http1'],
    ['PRI', undefined],
    ['P', undefined],
    ['', undefined],
  ])('takes %j for %s', (bytes, protocol) => {
    expect(detectProtocol(Buffer.from(bytes, 'latin1'))).toBe(protocol);
  });
});
