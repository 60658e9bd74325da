// Wraps a secret so that it is not printed by accident: only expose() returns it; text, JSON and inspection show [secret].

const INSPECT = Symbol.for('nodejs.util.inspect.custom');

/** A secret value. */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** Returns the secret. */
  expose(): T {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [INSPECT](): string {
    return '[secret]';
  }
}
