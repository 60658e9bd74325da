// From the one colour that an operator sets to the two that the page uses: dark enough for white text on it and for links on white, and
// light enough for the dark scheme. Contrast as WCAG 2.2 defines it.

type Rgb = readonly [number, number, number];

/** WCAG 2.2 §1.4.3, for text of normal size. */
const LEAST_CONTRAST = 4.5;
const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
/** What the accent is beside in each scheme: the most demanding of the page's own backgrounds. */
const LIGHT_BACK: Rgb = [241, 243, 246];
const DARK_BACK: Rgb = [34, 40, 49];
const STEPS = 50;

const parseHex = (text: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16)) as never;

const formatHex = (colour: Rgb): string => `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

const linear = (part: number): number => {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

const luminance = ([red, green, blue]: Rgb): number =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

const contrast = (one: Rgb, other: Rgb): number => {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
};

const mix = (colour: Rgb, into: Rgb, share: number): Rgb =>
  colour.map((part, at) => Math.round(part + ((into[at] ?? 0) - part) * share)) as never;

/** The colour itself, or the nearest on the way to `towards` that can be read on `back`. */
const adjust = (colour: Rgb, back: Rgb, towards: Rgb): Rgb => {
  for (let step = 0; step < STEPS; step++) {
    const mixed = mix(colour, towards, step / STEPS);
    if (contrast(mixed, back) >= LEAST_CONTRAST) return mixed;
  }
  return towards;
};

/** The contrast of two colours as `#rrggbb`, from 1 to 21. */
export const measureContrast = (one: string, other: string): number => contrast(parseHex(one), parseHex(other));

/** The accents of the light and the dark scheme, for a colour as `#rrggbb`. */
export const accentColours = (accent: string): { light: string; dark: string } => {
  const colour = parseHex(accent);
  return {
    light: formatHex(adjust(colour, LIGHT_BACK, BLACK)),
    dark: formatHex(adjust(colour, DARK_BACK, WHITE)),
  };
};
