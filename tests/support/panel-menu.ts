import { readFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';

/** The menu of a panel that is not on the board. */
export const more = (page: Page, name: string): Locator =>
  page.locator('telltale-panel-menu').getByRole('button', { name }).last();

/** Chooses what saves a file, and answers the file. */
export async function save(page: Page, menu: Locator, item: string): Promise<{ name: string; bytes: Buffer }> {
  const download = page.waitForEvent('download');
  await menu.click();
  await page.getByRole('menuitem', { name: item }).click();
  const saved = await download;
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}
