/** The model in a browser: the same code, a step a picture. */

import { simulate } from 'mycelia'
import town from '../model.js'

const canvas = document.querySelector('canvas') as HTMLCanvasElement
const text = document.querySelector('#text') as HTMLElement
const context = canvas.getContext('2d') as CanvasRenderingContext2D

const sim = simulate(town, { seed: Number(new URLSearchParams(location.search).get('seed') ?? 1) })
const { grid, people } = sim.model
canvas.width = grid.width
canvas.height = grid.height

function picture(): void {
  context.clearRect(0, 0, canvas.width, canvas.height)
  for (const person of people) {
    const cell = grid.cellOf(person)
    context.fillStyle = person.knows ? '#d55e00' : '#8d99ae'
    context.fillRect(grid.xOf(cell), grid.yOf(cell), 1, 1)
  }
  text.textContent = `Step ${sim.model.steps}: ${people.count(person => person.knows)} of ${people.size} know it.`
}

function next(): void {
  picture()
  if (people.count(person => !person.knows) === 0) return
  sim.step()
  requestAnimationFrame(next)
}

next()
