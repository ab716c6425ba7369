/** The output of a command: results go to standard output; progress, notes and errors to standard error. */

export interface Io {
  out(text: string): void
  err(text: string): void
  /** True where standard error is a terminal: a bar can be drawn over itself there. */
  readonly interactive: boolean
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
  }
}
