/** How far a check has come and when it will be done: one rewritten line on a terminal, a plain line now and then elsewhere. */

const plainEveryMs = 15_000

export class Progress {
  private readonly startedMs = nowMs()
  private saidMs = nowMs()

  constructor(
    private readonly label: string,
    private readonly out: NodeJS.WriteStream = process.stderr,
  ) {}

  show(done: number, of: number): void {
    const ms = nowMs()
    const last = done === of
    if (!this.out.isTTY && !last && ms - this.saidMs < plainEveryMs) return
    this.saidMs = ms
    const passed = (ms - this.startedMs) / 1000
    const left = (passed / done) * (of - done)
    const text = `${this.label}  ${done}/${of}  ${clock(passed)} passed, ${clock(left)} left`
    this.out.write(this.out.isTTY ? `\r\x1b[K${text}${last ? '\n' : ''}` : `${text}\n`)
  }
}

/** 75 → 1:15. */
function clock(seconds: number): string {
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

function nowMs(): number {
  return performance.now() // nondeterminism-ok: progress is for the reader
}
