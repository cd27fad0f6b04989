/** Text within a page. */

/** Characters that mean something in HTML and SVG, in text and in quoted attributes, as numbers. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
