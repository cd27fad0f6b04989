/** tiergate itself, asked as the server asks it: a text is the content of a user's message. */
import { createDetect, type Detector } from '../../../src/detect/detect.ts';
import type { Leaf } from '../../../src/shapes.ts';
import type { Tool } from './tool.ts';

/** @param detectors what is found beside the structured kinds */
export function tiergate(name: string, detectors: readonly Detector[] = []): Tool {
  const detect = createDetect(detectors);
  return {
    name,
    async spansOf(text) {
      const { leaves, findings } = await detect({ messages: [{ role: 'user', content: text }] });
      const places = placesOf(leaves, text);
      return findings.flatMap(({ leaf, start, end, kind }) => {
        const place = places.get(leaf);
        return place === undefined ? [] : [{ start: place(start), end: place(end), kind }];
      });
    },
  };
}

type Place = (offset: number) => number;

/** Where each leaf stands in the message: it is the message itself, or a piece of the document that the message is. */
function placesOf(leaves: readonly Leaf[], text: string): Map<number, Place> {
  const places = new Map<number, Place>();
  let from = 0;
  for (const [index, leaf] of leaves.entries()) {
    if (leaf.path[0] !== 'messages' || leaf.path[2] !== 'content') continue;
    if (leaf.path.length === 3 && leaf.role === 'key') continue;
    if (leaf.text === text) {
      places.set(index, (offset) => offset);
      continue;
    }
    const at = text.indexOf(escaped(leaf.text), from);
    if (at === -1) continue;
    places.set(index, (offset) => at + escaped(leaf.text.slice(0, offset)).length);
    from = at + escaped(leaf.text).length;
  }
  return places;
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
