/** The Containerfile and the Compose file: what they name is there, and the commands of the services are ones that this program takes. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { commandLine } from '../../src/cli/command-line.js'

const file = (name: string) => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8')

interface Service {
  readonly build: { readonly dockerfile: string }
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly [key: string]: unknown
}
const compose = parse(file('compose.yaml'), { merge: true }) as {
  services: Record<string, Service>
  volumes: Record<string, unknown>
}

const instructions = new Set(['FROM', 'WORKDIR', 'RUN', 'COPY', 'ENV', 'USER', 'VOLUME', 'ENTRYPOINT', 'CMD'])

describe('the Containerfile', () => {
  const lines = file('Containerfile')
    .split('\n')
    .filter(line => line.trim() !== '' && !line.startsWith('#'))

  it('has known instructions alone, names what is in the project, and runs as nobody in particular', () => {
    for (const line of lines) expect(instructions, line).toContain(line.split(' ')[0])
    const copied = lines
      .filter(line => line.startsWith('COPY') && !line.includes('--from'))
      .flatMap(line => line.split(' ').slice(1, -1))
    for (const name of copied.filter(name => name !== '.')) expect(() => file(name)).not.toThrow()
    const last = lines.slice(lines.findLastIndex(line => line.startsWith('FROM')))
    expect(last).toContain('USER node')
    for (const line of last.filter(each => /^(ENTRYPOINT|CMD)/.test(each)))
      expect(() => JSON.parse(line.replace(/^\w+ /, ''))).not.toThrow()
    expect(lines.join('\n')).not.toMatch(/EXPOSE|KEY|TOKEN|SECRET/)
  })

  it.skip('builds (skipped: nothing here can build an image)', () => {})
})

describe('the Compose file', () => {
  it('has one service that fetches and one that trades, on one archive, and opens no port', () => {
    expect(Object.keys(compose.services)).toEqual(['fetch', 'trade'])
    for (const service of Object.values(compose.services)) {
      expect(() => file(service.build.dockerfile)).not.toThrow()
      expect(service).not.toHaveProperty('ports')
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
      for (const volume of (service.volumes as string[]).map(text => text.split(':')[0] ?? ''))
        if (!volume.startsWith('.')) expect(compose.volumes).toHaveProperty(volume)
    }
    expect(compose.services.trade).toMatchObject({ network_mode: 'none', pid: 'service:fetch' })
  })

  it.each(Object.entries(compose.services))('%s runs a command that this program takes', async (name, { command }) => {
    const program = commandLine({ out() {}, err() {}, interactive: false }, '0')
    const verb = program.commands.find(each => each.name() === 'tokens')?.commands.find(each => each.name() === name)
    let taken: Record<string, unknown> = {}
    verb?.action((_: string, options: Record<string, unknown>) => {
      taken = options
    })
    const filled = command.map(part =>
      part.replace(/\$\{\w+(:[-?]([^}]*))?\}/g, (_all, how: string, value: string) =>
        how?.startsWith(':-') ? value : 'So11111111111111111111111111111111111111112',
      ),
    )
    await program.parseAsync(filled, { from: 'user' })
    expect(taken).toMatchObject({ every: 1_200_000, for: 720 * 3_600_000 })
  })
})
