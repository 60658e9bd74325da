// Formats times as a histogram for a terminal: one line per bin, with a bar.

const BAR = 50;
const STEPS = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000];
const MAX_LINES = 15;

const widthFor = (longest: number): number => STEPS.find((step) => longest / step <= MAX_LINES) ?? 10_000;

/** The lines of the histogram. */
export const histogram = (milliseconds: readonly number[]): string[] => {
  const width = widthFor(Math.max(...milliseconds));
  const toBin = (time: number) => Math.floor(time / width);
  const [first, last] = [toBin(Math.min(...milliseconds)), toBin(Math.max(...milliseconds))];
  const steps = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const counts = steps.map((step) => milliseconds.filter((time) => toBin(time) === step).length);
  const most = Math.max(...counts);
  return counts.map((count, index) => {
    const from = (first + index) * width;
    const range = `${String(from).padStart(6)} – ${from + width} ms`.padEnd(18);
    return `${range}${String(count).padStart(5)}  ${'#'.repeat(Math.ceil((BAR * count) / most))}`.trimEnd();
  });
};
