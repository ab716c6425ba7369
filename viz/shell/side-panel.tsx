/** What stands beside the world: the inspected agent, and tabs of charts, panels, parameters and agents. */

import { useState } from 'preact/hooks'
import type { About, Command, PanelDescription } from '../../src/view/index.js'
import { PanelCard } from '../panels/panel-card.js'
import { TakesOrders } from '../panels/row-order.js'
import { SeriesPanels } from '../panels/series-panel.js'
import { AgentTable } from './agent-table.js'
import { Inspector } from './inspector.js'
import { OperatorBar } from './operator-bar.js'
import { type Proposal, proposalOf } from './operator-orders.js'
import { type Drafts, Parameters } from './parameters.js'
import type { Run } from './run.js'
import { Tabs } from './tabs.js'
import { useAsks } from './use-run.js'
import type { Chosen } from './world-stage.js'

interface SidePanelProps {
  readonly run: Run
  readonly version: number
  readonly tab: string
  onTab(tab: string): void
  readonly chosen: Chosen | undefined
  onChoose(id: number | undefined): void
  readonly drafts: Drafts
  onDrafts(drafts: Drafts): void
  command(command: Command): Promise<boolean>
  reset(seed: number | string): Promise<unknown>
}

export function SidePanel(props: SidePanelProps) {
  const { run, tab, onTab, chosen, onChoose, command } = props
  const { about } = run
  const [proposal, setProposal] = useState<Proposal>()
  if (about === undefined) return <aside class="side" aria-label="Of the run" />
  const tabs = [...tabsOf(about.panels), 'Charts', 'Parameters', 'Agents']
  const shown = tabs.includes(tab) ? tab : (tabs[0] ?? 'Charts')
  return (
    <aside class="side" aria-label="Of the run">
      {chosen !== undefined && <Inspector key={chosen.id} run={run} chosen={chosen} onClose={() => onChoose(undefined)} />}
      {about.trades && <OperatorBar run={run} about={about} proposal={proposal} onPropose={setProposal} command={command} />}
      <Tabs tabs={tabs} shown={shown} onShow={onTab}>
        {shown === 'Parameters' ? (
          <Parameters {...props} about={about} epoch={run.parts.epoch} canControl={run.source.canControl} />
        ) : shown === 'Agents' ? (
          <AgentTable run={run} chosen={chosen?.id} onChoose={onChoose} />
        ) : (
          <TakesOrders.Provider
            value={about.trades && run.source.canControl ? order => setProposal(proposalOf(order)) : undefined}
          >
            <PanelsOf key={shown} {...props} about={about} tab={shown} />
          </TakesOrders.Provider>
        )}
      </Tabs>
    </aside>
  )
}

function PanelsOf({ run, version, about, tab }: SidePanelProps & { about: About }) {
  const onAsk = useAsks(run)
  const isCharts = tab === 'Charts'
  const shown = about.panels.filter(panel => (panel.tab ?? 'Charts') === tab)
  const { parts } = run
  return (
    <>
      {shown.length > 0 && (
        <div class="panels">
          {shown.map(description => (
            <PanelCard key={description.title} description={description} parts={parts} version={version} onAsk={onAsk} />
          ))}
        </div>
      )}
      {isCharts && <SeriesPanels columns={about.columns} charts={about.charts} parts={parts} version={version} onAsk={onAsk} />}
    </>
  )
}

function tabsOf(panels: readonly PanelDescription[]): string[] {
  return [...new Set(panels.flatMap(({ tab }) => (tab === undefined || tab === 'Charts' ? [] : [tab])))]
}
