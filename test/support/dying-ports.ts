// The ports of a process that ends before or after its n-th call, counted over all of them, to play a crash at each.

export type When = 'before' | 'after';

export interface Death {
  /** Counted from 1; a number that is never reached: it lives, and can be asked which calls it made. */
  nth: number;
  when: When;
  /** Ends it, and never comes back. */
  die(): Promise<never>;
}

type Method = (...parameters: unknown[]) => unknown;

/** `calls` grows by `port.method` with each call. */
export const dyingPorts = <D extends object>(deps: D, names: readonly (keyof D & string)[], death: Death) => {
  const calls: string[] = [];

  const wrapped = (name: string, method: Method) => {
    return async (...parameters: unknown[]) => {
      const isLast = calls.push(name) === death.nth;
      if (isLast && death.when === 'before') await death.die();
      const answer = await method(...parameters);
      if (isLast) await death.die();
      // An opened seal is a door of its own.
      return isObject(answer) && 'reseal' in answer ? dying(answer, 'seal') : answer;
    };
  };

  const dying = (port: object, name: string): object =>
    Object.fromEntries(
      Object.entries(port).map(([member, value]) => [
        member,
        typeof value === 'function' ? wrapped(`${name}.${member}`, value as Method) : value,
      ]),
    );

  const ports = Object.fromEntries(names.map((name) => [name, dying(deps[name] as object, name)]));
  return { deps: { ...deps, ...ports } as D, calls };
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
