/** Debian's Chromium, driven by playwright-core, where it is installed. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Null where `openBrowser` will open one, else why it cannot. */
export async function chromiumUnavailable(): Promise<string | null> {
  return await access(executablePath, constants.X_OK).then(
    () => null,
    () => 'no Chromium: apt-get install chromium puts it at /usr/bin/chromium',
  );
}

export async function openBrowser(): Promise<Browser> {
  // Root, as in a container, has no sandbox; the pages are ours.
  return await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

export interface View {
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
}

export interface Visit {
  readonly page: Page;
  /** What the console said, and errors of the page. */
  readonly complaints: readonly string[];
  /** Every address that was asked for. */
  readonly requests: readonly string[];
}

/** Opens a file as a person does, and listens to what it does. */
export async function visited<T>(
  browser: Browser,
  file: string,
  { width, height, scheme }: View,
  work: (visit: Visit) => Promise<T>,
): Promise<T> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  try {
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return await work({ page, complaints, requests });
  } finally {
    await context.close();
  }
}
