/** A server that was really started, with its demo shop, and a browser that was really opened. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

export const LOGIN = { email: 'admin@demo.test', password: 'mostrador' };

export interface Started {
  /** `http://localhost:…` */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Builds when something changed and serves the demo shop on a free port, with its data in a folder that goes away. */
export async function startServer(): Promise<Started> {
  const data = mkdtempSync(join(tmpdir(), 'mostrador-office-'));
  const { DATABASE_URL: _elsewhere, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, 'scripts/start.mjs')], {
    cwd: root,
    env: { ...env, PORT: '0', DATA_DIR: data, DEMO: 'on', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    await ended(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    return { origin: await said(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address it prints once it serves. */
function said(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const hear = (chunk: Buffer) => {
      text += chunk.toString();
      const found = /(http:\/\/localhost:\d+)\/office\//.exec(text);
      if (found?.[1]) resolve(found[1]);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${text}`)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = [process.env.CHROMIUM_PATH, ...USUAL].find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('No Chromium was found: install one, or name one in CHROMIUM_PATH.');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

export interface PageOptions {
  readonly language?: 'es' | 'en';
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

/** A page of its own session; what went wrong in it is gathered in `faults`. */
export async function openPage(browser: Browser, options: PageOptions = {}): Promise<{ page: Page; faults: string[] }> {
  const { language = 'es', width = 1440, scheme = 'light' } = options;
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  await context.addInitScript((l) => {
    if (!localStorage.getItem('mostrador.language')) localStorage.setItem('mostrador.language', l);
  }, language);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`);
  });
  return { page, faults };
}

export async function signIn(page: Page, origin: string, login = LOGIN): Promise<void> {
  await page.goto(`${origin}/office/`);
  await page.fill('input[name=email]', login.email);
  await page.fill('input[name=password]', login.password);
  await page.keyboard.press('Enter');
  await page.locator('#content h1').waitFor();
}

/** Opens an address of the office and waits until what it shows has been read. */
export async function open(page: Page, origin: string, path: string): Promise<void> {
  await page.goto(`${origin}/office${path}`);
  await page.locator('#content h1').waitFor();
  await page.waitForFunction(() => !document.querySelector('[role="status"], .mantine-Skeleton-root'));
}

/** What a checker of accessibility finds serious or critical, in one line each. */
export async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze();
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .flatMap((v) =>
      v.nodes.slice(0, 3).map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary?.split('\n')[1] ?? ''}`),
    );
}

/** Pixels by which the page is wider than the window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** What a thumb would miss: buttons, fields and tabs lower than 44 pixels. Links within text may be as high as it is. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const kinds =
      'button, a[class*="Button-root"], nav a, input:not([type="checkbox"], [type="radio"], [type="file"]), textarea';
    for (const element of document.querySelectorAll<HTMLElement>(kinds)) {
      // A field is as high as the frame around it.
      const { width, height } = (element.closest('.mantine-Input-wrapper') ?? element).getBoundingClientRect();
      if (width <= 1 || height === 0 || height >= 43.5 || element.tabIndex < 0 || element.closest('[hidden]')) continue;
      found.push(`${element.getAttribute('aria-label') || element.textContent || element.id}: ${Math.round(height)}`);
    }
    return found;
  });
}
