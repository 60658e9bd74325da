// Loads the functions as they are deployed. Importing one is its cold start, so the environment must be complete before. The
// route table names them.
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GatewayRoute } from '../gateway/route-match.ts';
import { StartRefused } from '../start-refused.ts';
import type { LambdaFunction } from './invoke.ts';

/** What the server runs: the route table, and the folder with a module for each function. */
export interface Application {
  routes: readonly GatewayRoute[];
  functionsFolder: string;
}

/** The functions' modules end as this one does: in .ts, or as those of a bundle. */
const ENDING = extname(import.meta.filename);

const load = async (folder: string, name: string): Promise<LambdaFunction> => {
  try {
    const { handler } = await import(`${pathToFileURL(folder)}/${name}${ENDING}`);
    if (typeof handler === 'function') return handler;
  } catch (error) {
    // For a missing or malformed setting the message names the variable.
    throw new StartRefused(`${name} does not start: ${(error as Error).message}`);
  }
  throw new StartRefused(`${name} exports no handler`);
};

/** Throws `StartRefused` when the function cannot be loaded. */
export const loadFunction = ({ functionsFolder }: Application, name: string): Promise<LambdaFunction> =>
  load(functionsFolder, name);

/** Loads every function that a route names, by its name. Throws `StartRefused`. */
export const loadRoutedFunctions = async (application: Application): Promise<Map<string, LambdaFunction>> => {
  const names = [...new Set(application.routes.map((route) => route.function))];
  const loaded = new Map<string, LambdaFunction>();
  for (const name of names) loaded.set(name, await loadFunction(application, name));
  return loaded;
};
