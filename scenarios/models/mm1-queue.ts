/** The M/M/1 queue: customers come and are served at random moments, one at a time; everything happens in events between the steps. */

import { Agent, defineScenario, Model, z } from 'mycelia'

const params = z.object({
  arrivals: z.number().min(0.001).max(1_000).default(0.8).describe('customers that come per unit of time, on average').meta({ changeable: true }),
  services: z.number().min(0.001).max(1_000).default(1).describe('customers the server can serve per unit of time, on average').meta({ changeable: true }),
})

class Customer extends Agent<Mm1Queue> {
  cameAt = 0
}

class Server extends Agent<Mm1Queue> {
  /** First come, first served; the first is being served. */
  line: Customer[] = []

  arrive() {
    const { model } = this
    model.observe()
    this.line.push(model.spawn(Customer, { cameAt: model.now }))
    if (this.line.length === 1) this.after(this.rng.exponential(model.params.services), 'serve')
    this.after(this.rng.exponential(model.params.arrivals), 'arrive')
  }

  serve() {
    const { model } = this
    model.observe()
    const customer = this.line.shift()
    if (customer === undefined) return
    model.served++
    model.timeInSystem += model.now - customer.cameAt
    customer.remove()
    if (this.line.length > 0) this.after(this.rng.exponential(model.params.services), 'serve')
  }
}

class Mm1Queue extends Model<typeof params> {
  customers = this.agentsOf(Customer)
  servers = this.agentsOf(Server)
  served = 0
  /** Sum over customers of the time between coming and leaving. */
  timeInSystem = 0
  /** Integrals over time of the customers present, of those waiting, and of the server being busy. */
  presentTime = 0
  waitingTime = 0
  busyTime = 0
  observedAt = 0

  override setup() {
    const server = this.spawn(Server)
    server.after(server.rng.exponential(this.params.arrivals), 'arrive')
  }

  override step() {
    this.observe()
  }

  /** Adds the time since the last change, during which nothing changed. */
  observe() {
    const present = this.customers.size
    const time = this.now - this.observedAt
    this.presentTime += present * time
    this.waitingTime += Math.max(0, present - 1) * time
    if (present > 0) this.busyTime += time
    this.observedAt = this.now
  }
}

export default defineScenario({
  name: 'mm1-queue',
  title: 'M/M/1 queue',
  model: Mm1Queue,
  params,
  agents: { Customer, Server },
  steps: 1_000,
  collect: {
    model: {
      present: m => m.customers.size,
      mean_present: m => m.presentTime / m.now,
      mean_waiting: m => m.waitingTime / m.now,
      utilisation: m => m.busyTime / m.now,
      mean_time_in_system: m => (m.served === 0 ? null : m.timeInSystem / m.served),
    },
  },
  view: {
    charts: ['present', 'mean_present', 'utilisation'],
    agents: { Server: s => ({ shape: 'square', color: '#30638e', size: 1 + s.line.length }) },
  },
})
