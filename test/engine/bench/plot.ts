/** Draws latency over length, both logarithmic: a line per engine, the compute limit dashed. SVG, no library. */
const WIDTH = 720;
const HEIGHT = 460;
const LEFT = 64;
const BOTTOM = 44;
const RIGHT = 24;
const TOP = 16;
const COLOURS = ['#2a7f62', '#2f5fa8', '#b3541e', '#7a4a9e', '#8a6d1d'];
const LIMIT_COLOURS = ['#000000', '#777777', '#aaaaaa'];
const LEGEND_LINE = 18;
/** Below the lines, which all rise to the right. */
const LEGEND_LEFT = 456;

export interface Line {
  readonly name: string;
  readonly points: readonly { readonly tokens: number; readonly ms: number }[];
  /** Not an engine: what none can reach. */
  readonly limit: boolean;
}

export function latencyOverLength(title: string, lines: readonly Line[]): string {
  const all = lines.flatMap(({ points }) => points);
  const [tokensLow, tokensHigh] = range(all.map(({ tokens }) => tokens));
  const [msLow, msHigh] = range(all.map(({ ms }) => ms));
  const low = markBelow(msLow);
  const high = markAbove(msHigh);
  const x = (tokens: number): number => LEFT + share(tokens, tokensLow, tokensHigh) * (WIDTH - LEFT - RIGHT);
  const y = (ms: number): number => HEIGHT - BOTTOM - share(ms, low, high) * (HEIGHT - BOTTOM - TOP);
  const marks = [
    ...Array.from(new Set(all.map(({ tokens }) => tokens)), (tokens) =>
      [
        `<line x1="${x(tokens)}" x2="${x(tokens)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#ddd"/>`,
        `<text x="${x(tokens)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${tokens}</text>`,
      ].join('\n'),
    ),
    ...steps(low, high).map((ms) =>
      [
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(ms)}" y2="${y(ms)}" stroke="#ddd"/>`,
        `<text x="${LEFT - 8}" y="${y(ms) + 4}" text-anchor="end">${ms} ms</text>`,
      ].join('\n'),
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13">
<title>${title}</title>
<rect width="100%" height="100%" fill="white"/>
${[...marks, ...drawn(lines, x, y)].join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 6}" text-anchor="middle">tokens in the text</text>
</svg>
`;
}

function drawn(lines: readonly Line[], x: (tokens: number) => number, y: (ms: number) => number): string[] {
  const limits = lines.filter(({ limit }) => limit);
  const engines = lines.filter(({ limit }) => !limit);
  return [...engines, ...limits].map((line, row) => {
    const colours = line.limit ? LIMIT_COLOURS : COLOURS;
    const colour = colours[(line.limit ? limits : engines).indexOf(line) % colours.length] ?? '#000000';
    const style = `fill="none" stroke="${colour}" stroke-width="2"${line.limit ? ' stroke-dasharray="6 4"' : ''}`;
    const points = line.points
      .map(({ tokens, ms }) => `${x(tokens).toFixed(1)},${y(ms).toFixed(1)}`)
      .join(' ');
    const legend = HEIGHT - BOTTOM - LEGEND_LINE * (lines.length - row - 0.5);
    return [
      `<polyline points="${points}" ${style}/>`,
      `<line x1="${LEGEND_LEFT}" x2="${LEGEND_LEFT + 28}" y1="${legend - 4}" y2="${legend - 4}" ${style}/>`,
      `<text x="${LEGEND_LEFT + 36}" y="${legend}" fill="${colour}">${line.name}</text>`,
    ].join('\n');
  });
}

/** Marks at 1, 2 and 5 of every power of ten. */
function steps(low: number, high: number): number[] {
  const marks: number[] = [];
  for (let power = powerOfTen(low); power <= high * 1.001; power *= 10) {
    marks.push(...[1, 2, 5].map((digit) => Number((digit * power).toPrecision(1))));
  }
  return marks.filter((ms) => ms >= low * 0.999 && ms <= high * 1.001);
}

const DIGITS = [1, 2, 5, 10];
const powerOfTen = (ms: number): number => 10 ** Math.floor(Math.log10(ms));
const markBelow = (ms: number): number =>
  powerOfTen(ms) * (DIGITS.findLast((digit) => digit * powerOfTen(ms) <= ms) ?? 1);
const markAbove = (ms: number): number =>
  powerOfTen(ms) * (DIGITS.find((digit) => digit * powerOfTen(ms) >= ms) ?? 10);

const range = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
const share = (value: number, low: number, high: number): number =>
  Math.log(value / low) / Math.log(high / low);
