/** Text and names as words: small letters, `camelCase`, `snake_case` and `kebab-case` taken apart. */
export const inWords = (text: string): string =>
  text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[_-]+/g, ' ')
    .replaceAll('’', "'");
