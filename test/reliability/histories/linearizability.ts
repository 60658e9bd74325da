// A linearizability checker: searches for a total order of the operations that respects real time and in which a sequential model
// gives every answer (Wing and Gong), and prunes configurations already visited (Lowe). An operation of unknown outcome has no
// end: it may take effect at any time after its start, or never.

/** One operation with its interval in real time. */
export interface Operation {
  start: number;
  /** Infinity when the outcome is unknown. */
  end: number;
  /** An earlier part of the same call, which must be ordered first. */
  after?: Operation | undefined;
}

/** The result of applying an operation. */
export interface Step<S> {
  /** The same object when nothing changes. */
  state: S;
  /** Whether the model gives the observed outcome; true when the outcome is unknown. */
  accepts: boolean;
}

/** A sequential specification. */
export interface Model<S, O> {
  initial: S;
  /** Applies the operation to a state. */
  step(state: S, operation: O): Step<S>;
  /** Equal for equal states. */
  key(state: S): string;
}

/** The result of a search. */
export interface Verdict<O> {
  linearizable: boolean;
  /** A linearization of all known operations; when there is none, the longest partial one. */
  order: readonly O[];
  /** Configurations visited. */
  visited: number;
}

/** A history of sixty operations visits some hundreds. */
const MAX_VISITED = 1_000_000;

/** Whether the outcome is known. */
export const isKnown = ({ end }: Operation): boolean => end !== Number.POSITIVE_INFINITY;

const byEnd = (a: Operation, b: Operation): number => (a.end === b.end ? a.start - b.start : a.end < b.end ? -1 : 1);

/** Operations that may come next: no remaining operation ended before they started. */
const candidates = <O extends Operation>(left: readonly O[]): O[] => {
  const firstEnd = left.reduce((first, { end }) => Math.min(first, end), Number.POSITIVE_INFINITY);
  return left.filter(({ start, after }) => start < firstEnd && !left.some((other) => other === after));
};

/** Searches for a linearization. Throws when the search exceeds its limit. */
export const findLinearization = <S, O extends Operation>(model: Model<S, O>, operations: readonly O[]): Verdict<O> => {
  const names = new Map(operations.map((operation, index) => [operation, index]));
  const visited = new Set<string>();
  let longest: readonly O[] = [];

  const isNew = (left: readonly O[], state: S): boolean => {
    const place = `${left.map((operation) => names.get(operation))} ${model.key(state)}`;
    if (visited.size > MAX_VISITED) throw new Error(`no verdict after ${visited.size} configurations`);
    return visited.size !== visited.add(place).size;
  };

  const search = (order: readonly O[], left: readonly O[], state: S): boolean => {
    if (order.length > longest.length) longest = order;
    if (!left.some(isKnown)) return true;
    if (!isNew(left, state)) return false;
    const steps = candidates(left).map((operation) => ({ operation, ...model.step(state, operation) }));
    const possible = steps.filter(({ accepts }) => accepts);
    const take = ({ operation, state: next }: (typeof steps)[number]) =>
      search(
        [...order, operation],
        left.filter((other) => other !== operation),
        next,
      );
    // An operation that changes nothing is placed at once: any order with it later is also valid with it here.
    const idle = possible.find((step) => step.state === state && isKnown(step.operation));
    return idle ? take(idle) : possible.filter((step) => step.state !== state).some(take);
  };

  const linearizable = search([], operations.toSorted(byEnd), model.initial);
  return { linearizable, order: longest, visited: visited.size };
};
