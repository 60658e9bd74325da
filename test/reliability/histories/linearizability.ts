// Whether a concurrent history can be explained: a search for an order of its operations that keeps real time and in which
// a sequential model gives every answer (Wing and Gong), that goes no further from a set and a state it has been at (Lowe).
// An operation of unknown outcome has no end: it may have happened at any time after its start, or never.

export interface Operation {
  start: number;
  /** Infinity where nobody knows whether it happened. */
  end: number;
  /** The part of the same call that came before this one. */
  after?: Operation | undefined;
}

export interface Step<S> {
  /** The very same state where nothing changes. */
  state: S;
  /** Whether the outcome that was seen, if one was, could come of this. */
  accepts: boolean;
}

export interface Model<S, O> {
  initial: S;
  /** What the operation does to a state, done alone. */
  step(state: S, operation: O): Step<S>;
  /** The same text for states that are alike. */
  key(state: S): string;
}

export interface Verdict<O> {
  linearizable: boolean;
  /** An order that explains all that is known; where there is none, the longest that explains a part. */
  order: readonly O[];
  visited: number;
}

/** A history of sixty operations takes some hundreds. */
const MOST_VISITED = 1_000_000;

export const isKnown = ({ end }: Operation): boolean => end !== Number.POSITIVE_INFINITY;

const byEnd = (a: Operation, b: Operation): number => (a.end === b.end ? a.start - b.start : a.end < b.end ? -1 : 1);

/** Those that may be next: none that is left had ended before they began. */
const candidates = <O extends Operation>(left: readonly O[]): O[] => {
  const firstEnd = left.reduce((first, { end }) => Math.min(first, end), Number.POSITIVE_INFINITY);
  return left.filter(({ start, after }) => start < firstEnd && !left.some((other) => other === after));
};

export const findOrder = <S, O extends Operation>(model: Model<S, O>, operations: readonly O[]): Verdict<O> => {
  const names = new Map(operations.map((operation, index) => [operation, index]));
  const visited = new Set<string>();
  let longest: readonly O[] = [];

  const isNew = (left: readonly O[], state: S): boolean => {
    const place = `${left.map((operation) => names.get(operation))} ${model.key(state)}`;
    if (visited.size > MOST_VISITED) throw new Error(`no verdict after ${visited.size} states`);
    return visited.size !== visited.add(place).size;
  };

  const goOn = (order: readonly O[], left: readonly O[], state: S): boolean => {
    if (order.length > longest.length) longest = order;
    if (!left.some(isKnown)) return true;
    if (!isNew(left, state)) return false;
    const steps = candidates(left).map((operation) => ({ operation, ...model.step(state, operation) }));
    const possible = steps.filter(({ accepts }) => accepts);
    const take = ({ operation, state: next }: (typeof steps)[number]) =>
      goOn(
        [...order, operation],
        left.filter((other) => other !== operation),
        next,
      );
    // What changes nothing is placed at once: any order that has it later explains as much with it here.
    const idle = possible.find((step) => step.state === state && isKnown(step.operation));
    return idle ? take(idle) : possible.filter((step) => step.state !== state).some(take);
  };

  const linearizable = goOn([], operations.toSorted(byEnd), model.initial);
  return { linearizable, order: longest, visited: visited.size };
};
