/** Text and names as words: small letters, `camelCase`, `snake_case` and `kebab-case` taken apart. */
export function inWords(text: string): string {
  // Few texts have what is taken apart, and to see so costs less than to replace nothing.
  const apart = CAMEL.test(text) ? text.replace(EVERY_CAMEL, '$1 $2') : text;
  const small = apart.toLowerCase();
  return SIGN.test(small) ? small.replace(JOINTS, ' ').replaceAll('’', "'") : small;
}

const CAMEL = /[a-z\d][A-Z]/;
const EVERY_CAMEL = /([a-z\d])([A-Z])/g;
const SIGN = /[_’-]/;
const JOINTS = /[_-]+/g;
