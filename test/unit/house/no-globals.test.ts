// Global clock, randomness, timers and environment are used only in the adapters that supply them, so that every operation can be
// replayed.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Rule {
  what: string;
  pattern: RegExp;
  /** The only file, or files, that may use it. */
  but: string | readonly string[];
}

const CLOCK = 'lib/adapters/runtime/system-clock.ts';
const RANDOM = 'lib/adapters/runtime/crypto-random.ts';
const TIMER = 'lib/adapters/runtime/timer-sleep.ts';
const CONFIG = 'lib/config.ts';
/** The reader of the page's own settings, whose function has no others. */
const PAGE_CONFIG = 'lib/page-config.ts';
/** The client of Secrets Manager, which holds no user data. */
const SHARED_CLIENT = 'lib/adapters/secrets/json-secret.ts';

const rules: readonly Rule[] = [
  // Date is left to turn one instant into text and back, which asks for no time.
  { what: 'the time', pattern: /\bDate\b(?!\.(?:parse|UTC)\b)(?<!\bnew Date(?=\s*\(\s*[^)\s]))/, but: CLOCK },
  { what: 'the time', pattern: /\bperformance\b|\bTemporal\b|\bprocess\s*\.\s*(?:hrtime|uptime)\b/, but: CLOCK },
  { what: 'randomness', pattern: /\bMath\s*\.\s*random\b|\bgetRandomValues\b/, but: RANDOM },
  { what: 'randomness', pattern: /\.\s*random(?:UUID|Bytes|Int|Fill|FillSync)\b/, but: RANDOM },
  // A parameter of that name is the caller's randomness, an import is the machine's.
  { what: 'randomness', pattern: /\{[^{}]*\brandom(?:UUID|Bytes|Int|Fill|FillSync)\b[^{}]*\}\s*from\b/, but: RANDOM },
  { what: 'a timer', pattern: /\bset(?:Timeout|Interval|Immediate)\b|\bnode:timers\b/, but: TIMER },
  { what: 'the environment', pattern: /\bprocess\s*\.\s*env\b|\bprocess\s*\[/, but: [CONFIG, PAGE_CONFIG] },
  {
    what: 'what one call would leave to the next',
    pattern: /^(?:export )?(?:(?:let|var)\b|const [^=]+= (?:new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\)|\[\]|\{\}))/m,
    but: SHARED_CLIENT,
  },
  {
    what: 'a global by another name',
    pattern: /\bglobalThis\b|\bimport\.meta\.env\b|['"](?:node:)?process['"]/,
    but: '',
  },
];

/** Removes comments, keeps strings. */
const withoutComments = (text: string): string =>
  text.replace(
    /(?<kept>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    '$<kept>',
  );

const violations = (path: string, text: string): string[] => {
  const code = withoutComments(text);
  return rules
    .filter(({ pattern, but }) => ![but].flat().includes(path) && pattern.test(code))
    .map(({ what }) => `${path}: ${what}`);
};

const files = globSync(['lib/**/*.ts', 'functions/**/*.ts']).toSorted();

describe('the globals', () => {
  it.each(files)('are not used in %s', (path) => {
    expect(violations(path, readFileSync(path, 'utf8'))).toEqual([]);
  });

  it.each([CLOCK, RANDOM, TIMER, CONFIG, PAGE_CONFIG, SHARED_CLIENT])('come from %s, which exists', (path) => {
    expect(violations('elsewhere.ts', readFileSync(path, 'utf8'))).not.toEqual([]);
  });
});

describe('the checker of globals', () => {
  it.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const now = new Date( );',
    'const now = new Date;',
    'const now = Date();',
    'const { now } = Date;',
    'const clock = Date["now"];',
    'const x = Math.random();',
    'const x = crypto.randomUUID();',
    "import { createHash, randomBytes } from 'node:crypto';",
    "import {\n  randomUUID as id,\n} from 'node:crypto';",
    'crypto.getRandomValues(bytes);',
    'setTimeout(() => {}, 5);',
    'await new Promise((done) => setTimeout(done, 5));',
    'setInterval(tick, 5);',
    "import { setTimeout as sleep } from 'node:timers/promises';",
    'const t = performance.now();',
    'const t = process.hrtime.bigint();',
    'const x = process.env.TABLE_NAME;',
    "const x = process['env'];",
    'const { env } = globalThis.process;',
    "import { env } from 'node:process';",
    'let last;\nconst x = 1;',
    'export let last = 1;',
    'const kept = new Map<string, Secret<string>>();',
    'export const kept: Record<string, string> = {};',
    'const kept: string[] = [];',
    'const url = "http://x"; const now = Date.now();',
  ])('catches: %s', (text) => {
    expect(violations('lib/operations/x.ts', text)).toHaveLength(1);
  });

  it.each([
    'const text = new Date(milliseconds).toISOString();',
    'const at = Date.parse(text);',
    'const at = Date.UTC(2030, 0, 1);',
    '// Date.now() would be wrong here',
    '/** not process.env */',
    'const random = deps.random.fraction();',
    'const now = deps.clock.now();',
    'export const newIv = (randomBytes: RandomBytes) => randomBytes(12);',
    'const x = z.iso.datetime();',
    "const KNOWN = new Set(['a']);",
    'export const f = () => {\n  let count = 0;\n  const kept = new Map();\n};',
  ])('lets through: %s', (text) => {
    expect(violations('lib/operations/x.ts', text)).toEqual([]);
  });

  it('allows an adapter only the global it supplies', () => {
    expect(violations(CLOCK, 'Date.now();')).toEqual([]);
    expect(violations(CLOCK, 'Math.random();')).toHaveLength(1);
  });
});
