/** A priority queue: `take` gives what was added with the least priority. A binary heap. */
export class Queue<T> {
  private readonly heap: { priority: number; value: T }[] = []

  add(priority: number, value: T): void {
    const { heap } = this
    let at = heap.length
    heap.push({ priority, value })
    for (let parent = (at - 1) >> 1; at > 0 && this.less(at, parent); parent = (at - 1) >> 1) {
      this.swap(at, parent)
      at = parent
    }
  }

  take(): T | undefined {
    const { heap } = this
    if (heap.length === 0) return undefined
    this.swap(0, heap.length - 1)
    const taken = heap.pop()
    for (let at = 0; ;) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && this.less(child, least)) least = child
      if (least === at) return taken?.value
      this.swap(at, least)
      at = least
    }
  }

  private less(a: number, b: number): boolean {
    return (this.heap[a]?.priority ?? Infinity) < (this.heap[b]?.priority ?? Infinity)
  }

  private swap(a: number, b: number): void {
    const { heap } = this
    const [first, second] = [heap[a], heap[b]]
    if (first && second) [heap[a], heap[b]] = [second, first]
  }
}
