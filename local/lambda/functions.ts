// The functions as deployed, imported once the environment is theirs: importing one is its cold start. The routes say
// which there are.
import { pathToFileURL } from 'node:url';
import type { GatewayRoute } from '../gateway/route-match.ts';
import { StartRefused } from '../start-refused.ts';
import type { LambdaFunction } from './invoke.ts';

/** What the server runs: the route table, and the folder of the functions. */
export interface Application {
  routes: readonly GatewayRoute[];
  functionsFolder: string;
}

const load = async (folder: string, name: string): Promise<LambdaFunction> => {
  try {
    const { handler } = await import(`${pathToFileURL(folder)}/${name}.ts`);
    if (typeof handler === 'function') return handler;
  } catch (error) {
    // A missing or malformed setting says so here, naming the variable.
    throw new StartRefused(`${name} does not start: ${(error as Error).message}`);
  }
  throw new StartRefused(`${name} exports no handler`);
};

export const loadFunction = ({ functionsFolder }: Application, name: string): Promise<LambdaFunction> =>
  load(functionsFolder, name);

/** One for each name that the routes mention. */
export const loadRoutedFunctions = async (application: Application): Promise<Map<string, LambdaFunction>> => {
  const names = [...new Set(application.routes.map((route) => route.function))];
  const loaded = new Map<string, LambdaFunction>();
  for (const name of names) loaded.set(name, await loadFunction(application, name));
  return loaded;
};
