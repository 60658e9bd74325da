// All commands, in the order of the help.
import type { Command } from './command.ts';
import { checkCommand } from './commands/check.ts';
import { connectCommand } from './commands/connect.ts';
import { eraseCommand } from './commands/erase.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { listCommand } from './commands/list.ts';
import { clientsCommand, systemKeysCommand } from './commands/operator.ts';
import { providersCommand } from './commands/providers.ts';
import { resolveCommand } from './commands/resolve.ts';

/** The commands. */
export const commands: readonly Command[] = [
  connectCommand,
  listCommand,
  resolveCommand,
  checkCommand,
  providersCommand,
  importCommand,
  exportCommand,
  eraseCommand,
  clientsCommand,
  systemKeysCommand,
];
