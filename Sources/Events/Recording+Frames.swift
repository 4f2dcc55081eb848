public import Diagnostics

/// Frames of counts, by the rule of the authors' training scripts.
extension Recording {
  /// Counts the events into `steps` frames of nearly equal numbers of events: `[T, 2, H, W]`.
  ///
  /// Of N events each frame has the next `N / steps`, rounded down, and the last one all that are
  /// left, so with fewer events than frames it has all. An event counts in the channel of its
  /// polarity. Source: spikingjelly 0.0.0.0.12, `integrate_events_by_fixed_frames_number` with
  /// `split_by='number'`.
  ///
  /// - Precondition: `steps` is at least 1.
  /// - Throws: `event-none`, since no event is no sample, or `event-outside`.
  public func frames(_ steps: Int, of sensor: Sensor) throws(Diagnostic) -> [Float] {
    guard !events.isEmpty else { throw .noEvents }
    let (width, height) = (sensor.width, sensor.height)
    let share = events.count / steps
    // Counted as integers: a `Float` stays where it is at 2^24.
    var counts = [UInt32](repeating: 0, count: steps * 2 * height * width)
    for (index, event) in events.enumerated() {
      guard sensor.contains(event) else { throw .outside(event, index, sensor) }
      let step = share == 0 ? steps - 1 : min(index / share, steps - 1)
      let channel = step * 2 + Int(event.polarity)
      counts[(channel * height + Int(event.y)) * width + Int(event.x)] += 1
    }
    return counts.map { Float($0) }
  }

  /// The events of a gesture: those at or behind its start, and before its end.
  public func during(_ gesture: GestureTable.Gesture) -> Recording {
    Recording(events: events.filter { gesture.times.contains($0.time) }, sensor: sensor)
  }
}

extension Diagnostic {
  fileprivate static var noEvents: Diagnostic {
    .error("event-none", "a sample must have events, and this one has none")
  }
}
