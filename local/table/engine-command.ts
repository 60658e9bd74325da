// The command line of the table engine. It also identifies an engine that was left over by a killed server: same program, same
// arguments, same file.
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartRefused } from '../start-refused.ts';

/** Where an engine listens. */
export interface EngineAddress {
  host: string;
  port: string;
}

/** The arguments for an address and a table file. */
export const engineArguments = ({ host, port }: EngineAddress, tableFile: string): string[] => [
  ...['serve', '--host', host, '--port', port],
  ...['--db-path', tableFile],
];

const findPlace = (value: 'host' | 'port'): number =>
  engineArguments({ host: '', port: '', [value]: value.toUpperCase() }, '').indexOf(value.toUpperCase());
const HOST_ARGUMENT = findPlace('host');
const PORT_ARGUMENT = findPlace('port');

const readCommand = async (pid: string): Promise<string[]> => {
  // The process may have ended since it was listed, and those of other users may not be readable.
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split('\0').slice(0, -1);
};

const isEngineOn = (tableFile: string, [program = '', ...given]: string[]): boolean => {
  const address = { host: given[HOST_ARGUMENT] ?? '', port: given[PORT_ARGUMENT] ?? '' };
  const expected = engineArguments(address, tableFile);
  return (
    basename(program) === 'dynoxide' &&
    given.length === expected.length &&
    given.every((part, index) => part === expected[index])
  );
};

const findEngines = async (tableFile: string): Promise<number[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => isEngineOn(tableFile, await readCommand(pid))));
  return pids.filter((_, index) => found[index]).map(Number);
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
};

/** Kills every engine that has the file open. Call it only while holding the folder's lock: then each of them is an orphan. */
export const endOrphans = async (tableFile: string): Promise<void> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const orphans = await findEngines(tableFile);
    if (orphans.length === 0) return;
    orphans.forEach(kill);
    await sleep(20);
  }
  throw new StartRefused(`an engine left over on ${tableFile} does not end`);
};
