/**
 * A plot of a few lines as SVG.
 *
 * In: series of points. Out: one SVG text. Never: a colour alone that tells lines apart: each is named at its end.
 */
import type { Plot } from './run.ts';

const width = 720;
const height = 420;
const margin = { left: 90, right: 110, top: 50, bottom: 60 };
/** Told apart by people who do not see red and green as different (Okabe and Ito). */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7'];

/** Linear axes from 0; labels at the quarters. Texts are escaped. */
export function plotSvg({ title, x, y, series }: Plot): string {
  const points = series.flatMap((each) => each.points);
  const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 1);
  const [maxX, maxY] = [most(points.map(([at]) => at)), most(points.map(([, value]) => value))];
  const left = (at: number) => Math.round((margin.left + (at / maxX) * (width - margin.left - margin.right)) * 10) / 10;
  const top = (value: number) => Math.round((height - margin.bottom - (value / maxY) * (height - margin.top - margin.bottom)) * 10) / 10;
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  const label = (value: number) => (Math.round(value * 10) / 10).toLocaleString('en-US');
  const text = (atX: number, atY: number, anchor: string, content: string, more = '') =>
    `<text x="${atX}" y="${atY}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`;
  const lines = series.flatMap(({ name, points: own }, k) => {
    const colour = colours[k % colours.length];
    const [endX, endY] = own.at(-1) ?? [0, 0];
    return [
      `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${own.map(([a, b]) => `${left(a)},${top(b)}`).join(' ')}"/>`,
      ...own.map(([a, b]) => `<circle cx="${left(a)}" cy="${top(b)}" r="3" fill="${colour}"/>`),
      text(left(endX) + 8, top(endY) + 4 - 14 * overlaps(series, k, maxY), 'start', `${name}: ${label(endY)}`, ` fill="${colour}"`),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text(width / 2, 24, 'middle', title, ' font-size="16"'),
    ...quarters.flatMap((part) => [
      `<path stroke="#ddd" d="M${left(0)} ${top(part * maxY)}H${left(maxX)}"/>`,
      text(left(0) - 8, top(part * maxY) + 4, 'end', label(part * maxY)),
      text(left(part * maxX), top(0) + 18, 'middle', label(part * maxX)),
    ]),
    text((left(0) + left(maxX)) / 2, height - 16, 'middle', x),
    text(18, (top(0) + top(maxY)) / 2, 'middle', y, ` transform="rotate(-90 18 ${(top(0) + top(maxY)) / 2})"`),
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

/** Lines before this one that end so close to it that their names would cover its own. */
function overlaps(series: Plot['series'], k: number, maxY: number): number {
  const end = (at: number) => series[at]?.points.at(-1)?.[1] ?? 0;
  return Array.from({ length: k }, (_, before) => before).filter((before) => Math.abs(end(before) - end(k)) < maxY / 25).length;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
