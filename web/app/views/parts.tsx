// Small parts that several views use.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Problem } from '../logic/problem.ts';
import { describeProblem } from '../logic/server-words.ts';
import { hue, initials } from '../logic/tile.ts';

/** The heading of a view. It takes the focus when the view appears, so that a screen reader reads it and Tab goes on from there. */
export const Heading = ({ children }: { children: ComponentChildren }) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
};

/** A provider's tile. */
export const Tile = ({ provider, name, isLarge = false }: { provider: string; name: string; isLarge?: boolean }) => (
  <span class={isLarge ? 'tile large' : 'tile'} style={{ '--hue': hue(provider) }} aria-hidden="true">
    {initials(name)}
  </span>
);

/** Turns while something is under way. What is under way stands beside it in words. */
export const Spinner = () => <span class="spinner" aria-hidden="true" />;

const waitText = ({ retryAfterSeconds }: Problem): string =>
  retryAfterSeconds === undefined || retryAfterSeconds < 5 ? '' : ` (in about ${retryAfterSeconds} seconds)`;

/** What went wrong, in words. */
export const ProblemBox = ({ problem }: { problem: Problem | null }) => {
  if (problem === null) return null;
  const { title, text, reference } = describeProblem(problem);
  return (
    <div class="box bad" role="alert">
      <strong>{title}</strong>
      <p>
        {text}
        {waitText(problem)}
      </p>
      {reference && <small>{reference}</small>}
    </div>
  );
};

/** Goes back to the list or to the provider. */
export const BackButton = ({ label, onBack }: { label: string; onBack(): void }) => (
  <button type="button" class="back" onClick={onBack}>
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d="M10 3 5 8l5 5" />
    </svg>
    {label}
  </button>
);

const SIGNS = { good: 'm6 12.5 4 4 8-9', bad: 'M12 6v7m0 3.5v.5' };

/** The sign of success or of a stop. */
export const Sign = ({ kind }: { kind: keyof typeof SIGNS }) => (
  <svg class={`sign ${kind}`} viewBox="0 0 24 24" aria-hidden="true">
    <circle cx="12" cy="12" r="11" />
    <path d={SIGNS[kind]} />
  </svg>
);

/** The values of a form's inputs by their names. */
export const readForm = (form: HTMLFormElement): Record<string, string> =>
  Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
