/** What watches the supervisor itself: a unit of systemd, or a job of launchd, that runs the same command. */

export interface ServiceOptions {
  /** The program and its arguments. */
  readonly command: readonly string[]
  readonly folder: string
}

export function systemdUnit({ command, folder }: ServiceOptions): string {
  return `[Unit]
Description=Mycelia supervisor
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
WorkingDirectory=${systemdText(folder)}
EnvironmentFile=-${systemdText(folder)}/.env
ExecStart=${command.map(systemdArgument).join(' ')}
Restart=always
RestartSec=2
KillMode=mixed
TimeoutStopSec=60

[Install]
WantedBy=default.target
`
}

export function launchdJob({ command, folder }: ServiceOptions): string {
  const strings = command.map(word => `    <string>${xml(word)}</string>`).join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key><string>mycelia.supervisor</string>
  <key>ProgramArguments</key>
  <array>
${strings}
  </array>
  <key>WorkingDirectory</key><string>${xml(folder)}</string>
  <key>RunAtLoad</key><true/>
  <key>KeepAlive</key><true/>
  <key>ThrottleInterval</key><integer>2</integer>
  <key>ExitTimeOut</key><integer>60</integer>
</dict>
</plist>
`
}

/** A percent sign begins a specifier, a dollar sign a variable. */
function systemdText(text: string): string {
  return text.replaceAll('%', '%%')
}

function systemdArgument(word: string): string {
  const text = systemdText(word).replaceAll('$', '$$$$')
  return /^[\w./:=@,+-]+$/.test(text) ? text : `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
