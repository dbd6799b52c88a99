import { fromMarkdown } from 'mdast-util-from-markdown'

/** One TypeScript block of a page. */
export interface CodeBlock {
  readonly path: string
  /** 1-based line of the first line of code. */
  readonly line: number
  readonly code: string
  /** Declarations that the block relies on, from the comment `<!-- context: … -->` above it. */
  readonly context: string
}

/** Finds the ` ```ts ` blocks of a Markdown page, also those in lists and quotes. */
export function readCodeBlocks(path: string, markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = []
  collect(fromMarkdown(markdown))
  return blocks

  function collect(parent: { readonly children: readonly Node[] }): void {
    let context = ''
    for (const node of parent.children) {
      if (node.type === 'code' && (node.lang === 'ts' || node.lang === 'typescript')) {
        blocks.push({ path, line: (node.position?.start.line ?? 0) + 1, code: node.value ?? '', context })
      }
      context =
        node.type === 'html' ? (/^<!--\s*context:(.*?)-->$/s.exec(node.value ?? '')?.[1] ?? '').trim() : ''
      if (node.children !== undefined) collect({ children: node.children })
    }
  }
}

/** The fields of the nodes of a Markdown tree. Some nodes lack the optional ones. */
interface Node {
  readonly type: string
  readonly lang?: string | null | undefined
  readonly value?: string
  readonly children?: readonly Node[]
  readonly position?: { readonly start: { readonly line: number } } | undefined
}
