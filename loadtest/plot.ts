/**
 * Draws latencies as a picture: for each tier, the share of its requests (upwards) answered within so many
 * milliseconds (to the right, logarithmic). SVG, no library: two axes and a line per tier.
 */
const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 56;
const BOTTOM = 44;
const RIGHT = 32;
const COLOURS: Readonly<Record<string, string>> = {
  local: '#2a7f62',
  cloud: '#2f5fa8',
  human: '#b3541e',
  refuse: '#777777',
};

interface Timed {
  readonly tier: string;
  readonly ms: number;
}

export function latencyPlot(samples: readonly Timed[]): string {
  const times = samples.map(({ ms }) => ms);
  const low = 10 ** Math.floor(Math.log10(Math.min(...times)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...times)));
  const x = (ms: number): number =>
    LEFT +
    ((Math.log10(ms) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))) * (WIDTH - LEFT - RIGHT);
  const y = (share: number): number => 16 + (1 - share) * (HEIGHT - BOTTOM - 16);
  const lines = [...Map.groupBy(samples, ({ tier }) => tier)].map(([tier, of], row) => {
    const sorted = of.map(({ ms }) => ms).sort((a, b) => a - b);
    const points = sorted
      .map((ms, i) => `${x(ms).toFixed(1)},${y((i + 1) / sorted.length).toFixed(1)}`)
      .join(' ');
    const colour = COLOURS[tier] ?? '#000000';
    return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="2"/>
<text x="${LEFT + 12}" y="${36 + 18 * row}" fill="${colour}">${tier} (${of.length})</text>`;
  });
  const marks: string[] = [];
  for (let ms = low; ms <= high * 1.001; ms *= 10) {
    marks.push(`<line x1="${x(ms)}" x2="${x(ms)}" y1="16" y2="${y(0)}" stroke="#ddd"/>
<text x="${x(ms)}" y="${y(0) + 18}" text-anchor="middle">${ms} ms</text>`);
  }
  for (const share of [0, 0.5, 0.95, 1]) {
    marks.push(`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(share)}" y2="${y(share)}" stroke="#ddd"/>
<text x="${LEFT - 8}" y="${y(share) + 4}" text-anchor="end">${share * 100} %</text>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="13">
<title>The share of requests answered within so many milliseconds, by who answered</title>
<rect width="100%" height="100%" fill="white"/>
${[...marks, ...lines].join('\n')}
<text x="${WIDTH / 2}" y="${HEIGHT - 6}" text-anchor="middle">requests answered within</text>
</svg>
`;
}
