// Finds the route of a request as an HTTP API does, segment by segment: a variable matches exactly one non-empty segment, and a
// fixed segment takes precedence. A trailing or doubled slash makes another path, and HEAD is another method.

/** As much of a route as the gateway needs. */
export interface GatewayRoute {
  method: string;
  /** Such as `/v1/users/{userId}/resolve`. */
  path: string;
  plane: 'user' | 'runtime' | 'link' | 'public';
  function: string;
}

/** A route, and the values of its variables. */
export interface Match {
  route: GatewayRoute;
  pathParameters: Record<string, string> | undefined;
}

interface Pattern {
  route: GatewayRoute;
  segments: readonly string[];
}

const variableName = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1];

/** Fixed segments first, so that the first pattern that matches is the most specific one. */
const compareSpecificity = (left: Pattern, right: Pattern): number => {
  const shape = ({ segments }: Pattern) => segments.map((segment) => (variableName(segment) ? '1' : '0')).join('');
  return shape(left) < shape(right) ? -1 : 1;
};

const bindSegments = (pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined => {
  if (pattern.length !== segments.length) return undefined;
  const parameters: [string, string][] = [];
  for (const [index, expected] of pattern.entries()) {
    const name = variableName(expected);
    const given = segments[index] ?? '';
    if (name ? given === '' : given !== expected) return undefined;
    if (name) parameters.push([name, given]);
  }
  return Object.fromEntries(parameters);
};

/** Makes a function from method and decoded path to the route. */
export const makeMatcher = (routes: readonly GatewayRoute[]) => {
  const patterns = routes
    .map((route): Pattern => ({ route, segments: route.path.split('/') }))
    .sort(compareSpecificity);
  return (method: string, path: string): Match | undefined => {
    const segments = path.split('/');
    for (const { route, segments: pattern } of patterns) {
      const parameters = route.method === method ? bindSegments(pattern, segments) : undefined;
      if (parameters) return { route, pathParameters: Object.keys(parameters).length > 0 ? parameters : undefined };
    }
    return undefined;
  };
};
