import { expect, test } from '@jest/globals';
import { network } from '../../../src/detect/kinds/network.ts';
import { Subject } from '../../../src/detect/subject.ts';

const found = (text: string): string[] =>
  network.find(new Subject(text)).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);

test.each([
  ['the server 203.0.113.77 is down', 'IP_ADDRESS 203.0.113.77'],
  ['from 203.0.113.77:8080', 'IP_ADDRESS 203.0.113.77'],
  ['addr:2001:db8::8a2e:370:7334', 'IP_ADDRESS 2001:db8::8a2e:370:7334'],
  ['mac 00-1a-2b-3c-4d-5e', 'MAC_ADDRESS 00-1a-2b-3c-4d-5e'],
  ['mac 001a.2b3c.4d5e', 'MAC_ADDRESS 001a.2b3c.4d5e'],
  ['MAC address: 001A2B3C4D5E', 'MAC_ADDRESS 001A2B3C4D5E'],
  ['see https://anna:s3cret@files.example.org/x', 'URL https://anna:s3cret@files.example.org/x'],
  [
    'see https://www.linkedin.com/in/jane-doe-12345/ please',
    'URL https://www.linkedin.com/in/jane-doe-12345/',
  ],
  ['write to https://t.me/janedoe.', 'URL https://t.me/janedoe'],
  ['at https://www.example.org/~jdoe/index.html', 'URL https://www.example.org/~jdoe/index.html'],
  ['my website is https://jane-doe.example.', 'URL https://jane-doe.example'],
])('%s', (text, finding) => {
  expect(found(text)).toEqual([finding]);
});

test.each([
  'version 10.2.3.4, 1.2.3, 1.2.3.4.5, 127.0.0.1, 255.255.255.0',
  'a::b, 12:30:45, ::1, 10:30, 2:1',
  '12-34-56-78-90, 00:00:00:00:00:00',
  'https://nodejs.org/api/fs.html#x, https://github.com/nodejs/node/issues/12, http://localhost:8080/?page=2',
])('%s holds none', (text) => {
  expect(found(text)).toEqual([]);
});
