/** The output of a command: results go to standard output; progress, notes and errors to standard error. */

export interface Io {
  out(text: string): void
  err(text: string): void
  /** True where standard error is a terminal: a bar can be drawn over itself there. */
  readonly interactive: boolean
  /** Width and height of the terminal; absent where there is none. */
  readonly size?: { readonly columns: number; readonly rows: number } | undefined
}

/** This process's own streams. A closed pipe (`| head`) is no error. */
export function processIo(): Io {
  process.stdout.on('error', error => {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  })
  return {
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    get size() {
      const terminal = [process.stderr, process.stdout].find(({ isTTY }) => isTTY === true)
      return terminal === undefined ? undefined : { columns: terminal.columns || 80, rows: terminal.rows || 24 }
    },
  }
}
