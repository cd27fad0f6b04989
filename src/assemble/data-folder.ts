/**
 * The folder that everything is kept in.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';

/**
 * Makes the folder, readable by its owner alone, and sees that it can be written: to be asked first, as a start takes
 * seconds. @throws Error that names the setting
 */
export function makeDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`${folder} cannot be made or written (${code}). TIERGATE_DATA names the folder to use.`);
  }
}
