// Wraps ports so that the process dies before or after the n-th call, counted over all ports: a crash at every point.
/** Relative to the call. */
export type When = 'before' | 'after';

/** When the process dies. */
export interface Death {
  /** Counted from 1; 0 never dies and only records the calls. */
  nth: number;
  when: When;
  /** Ends the process; never resolves. */
  die(): Promise<never>;
}

/** Methods that only compute: they answer at once and make no call. */
const COMPUTING = new Set(['authorizationUrl', 'readCallback']);

type Method = (...parameters: unknown[]) => unknown;

/** Wraps the named ports. `calls` grows by `port.method` with each call. */
export const dyingPorts = <D extends object>(deps: D, names: readonly (keyof D & string)[], death: Death) => {
  const calls: string[] = [];

  const wrapMethod = (name: string, method: Method) => {
    return async (...parameters: unknown[]) => {
      const isLast = calls.push(name) === death.nth;
      if (isLast && death.when === 'before') await death.die();
      const answer = await method(...parameters);
      if (isLast) await death.die();
      // An opened seal has a method to count too: reseal.
      return isObject(answer) && 'reseal' in answer ? wrapPort(answer, 'seal') : answer;
    };
  };

  const wrapPort = (port: object, name: string): object =>
    Object.fromEntries(
      Object.entries(port).map(([member, value]) => [
        member,
        typeof value === 'function' && !COMPUTING.has(member)
          ? wrapMethod(`${name}.${member}`, value as Method)
          : value,
      ]),
    );

  const ports = Object.fromEntries(names.map((name) => [name, wrapPort(deps[name] as object, name)]));
  return { deps: { ...deps, ...ports } as D, calls };
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
