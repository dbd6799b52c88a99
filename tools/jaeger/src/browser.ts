import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import { chromium, type Browser, type Locator } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
/** Features of Chromium that would access the network. */
const QUIET = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts the Chromium in `CHROMIUM_BIN` or on the `PATH`.
 *
 * @throws Error that says what to install if there is none
 */
export async function openBrowser(): Promise<Browser> {
  // Chromium's sandbox does not run as root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return await chromium.launch({ executablePath: findChromium(process.env), args: [...sandbox, ...QUIET] })
}

function findChromium(env: NodeJS.ProcessEnv): string {
  const chosen = env['CHROMIUM_BIN']
  if (chosen) {
    if (existsSync(chosen)) return chosen
    throw new Error(
      `CHROMIUM_BIN is ${chosen}, which does not exist; it takes the file of a Chromium or Chrome.`,
    )
  }
  const folders = (env['PATH'] ?? '').split(delimiter)
  const found = folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new Error(
    `There is no Chromium on the PATH (${NAMES.join(', ')}). Install it, for example with apt-get install chromium, ` +
      'or set CHROMIUM_BIN to its file.',
  )
}

/** Runs in the page, whose types this project lacks. Returns the characters inside all clipping boxes. */
const READ_VISIBLE = `
  let { left, top, right, bottom } = element.getBoundingClientRect()
  for (let box = element; box !== null; box = box.parentElement) {
    if (box !== element && getComputedStyle(box).overflow === 'visible') continue
    const rect = box.getBoundingClientRect()
    left = Math.max(left, rect.left)
    top = Math.max(top, rect.top)
    right = Math.min(right, rect.right, innerWidth)
    bottom = Math.min(bottom, rect.bottom, innerHeight)
  }
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  let text = ''
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    for (let index = 0; index < node.length; index++) {
      range.setStart(node, index)
      range.setEnd(node, index + 1)
      const rect = range.getBoundingClientRect()
      const isInside = rect.left >= left - 1 && rect.right <= right + 1 && rect.top >= top - 1 && rect.bottom <= bottom + 1
      if (rect.width > 0 && isInside) text += node.data[index]
    }
    text += ' '
  }
  return text.replaceAll(/\\s+/g, ' ').trim()
`

/** The visible part of a text: without the characters that a column or the window clips. */
export async function readVisible(locator: Locator): Promise<string> {
  return await locator.evaluate(new Function('element', READ_VISIBLE) as () => string)
}
