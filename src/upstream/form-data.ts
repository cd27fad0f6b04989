/**
 * Takes a multipart body apart (RFC 2046, section 5.1; RFC 7578), so that it can be searched: the headers of its parts
 * hold names of fields and files.
 */
import type { Json } from '../shapes.ts';

/** Parts of one body. */
const PARTS_MAX = 1_000;

/** The boundary that a content type names; undefined if the type is not multipart. @throws Error if it names none */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\//i.test(contentType)) return undefined;
  const match = /;[ \t]{0,8}boundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw new Error('a multipart body without a boundary');
  return boundary;
}

/**
 * The parts, each as its headers and its content; what stands before and after them, as one more part.
 * @throws Error when the body is not whole
 */
export function readParts(body: string, boundary: string): Json {
  const delimiter = `\r\n--${boundary}`;
  const pieces = `\r\n${body}`.split(delimiter);
  const [preamble = '', ...rest] = pieces;
  const epilogue = rest.pop();
  if (epilogue === undefined || !epilogue.startsWith('--'))
    throw new Error('a multipart body without an end');
  if (rest.length > PARTS_MAX) throw new Error('a multipart body of too many parts');
  const parts = rest.map((part) => {
    const end = part.indexOf('\r\n\r\n');
    if (end === -1 || !/^[ \t]*\r\n/.test(part)) throw new Error('a part without headers');
    return { headers: part.slice(0, end).trim().split('\r\n'), content: part.slice(end + 4) };
  });
  return [...parts, { headers: [], content: preamble + epilogue.slice(2) }];
}
