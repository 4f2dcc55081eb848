import Lowering
import SpikeIR

// The functions that compute a sample.
extension CProgram {
  /// The function that computes a whole sample; and in the schedule `step`, those it is made of.
  var functions: String {
    switch plan.schedule {
    case .layer:
      """
      void \(identifier)_run(const \(identifier) *model, const float *input, float *output) {
      \(calls(in: .once))\(calls(in: .end))}

      """
    case .step: onceFunction + resetFunction + stepFunction + outputFunction + runFunction
    }
  }

  /// Whether something is computed at the first time step alone.
  private var hasOnce: Bool { !plan.steps(in: .once).isEmpty }

  /// The function for what is computed at the first time step alone.
  private var onceFunction: String {
    guard hasOnce else { return "" }
    return """
      /* What is the same at every time step, and what neurons fire that see nothing else. */
      static void once(const \(identifier) *model, const float *frame) {
      \(calls(in: .once))}


      """
  }

  /// The function that begins a sample: all bytes zero are the number +0, too.
  private var resetFunction: String {
    let state = plan.stateByteCount
    let line = state > 0 ? "  memset(model->arena, 0, \(state)u); /* membranes and sums */\n" : ""
    return """
      void \(identifier)_reset(\(identifier) *model) {
      \(line)  model->step = 0;
      }


      """
  }

  /// The function for one time step.
  private var stepFunction: String {
    let line = hasOnce ? "  if (model->step == 0) once(model, frame);\n" : ""
    return """
      int \(identifier)_step(\(identifier) *model, const float *frame) {
        if (model->step >= \(macro)_TIME_STEPS) return \(macro)_OUT_OF_TURN;
      \(line)\(calls(in: .everyStep))  model->step++;
        return \(macro)_OK;
      }


      """
  }

  /// The function for what comes behind the last time step.
  private var outputFunction: String {
    """
    int \(identifier)_output(\(identifier) *model, float *output) {
      if (model->step != \(macro)_TIME_STEPS) return \(macro)_OUT_OF_TURN;
      model->step++; /* the memory of what was read is used again */
    \(calls(in: .end))  return \(macro)_OK;
    }


    """
  }

  /// The function for a whole sample.
  private var runFunction: String {
    let frame = plan.module.input.isTimed ? "input + (size_t)step * \(macro)_FRAME_COUNT" : "input"
    return """
      void \(identifier)_run(\(identifier) *model, const float *input, float *output) {
        \(identifier)_reset(model);
        for (int32_t step = 0; step < \(macro)_TIME_STEPS; step++)
          \(identifier)_step(model, \(frame));
        \(identifier)_output(model, output);
      }

      """
  }

  /// The calls of a phase, each under the module paths that it computes.
  private func calls(in phase: Plan.Phase) -> String {
    let writer = CallWriter(plan: plan, weightOffsets: weightOffsets, phase: phase)
    let steps = phase == .everyStep ? "model->step, 1" : "0, \(plan.module.timeSteps)"
    var result = ""
    for index in plan.steps(in: phase) {
      let step = plan.steps[index]
      result += "  /* \(step.origins.map(CText.comment).joined(separator: ", ")) */\n"
      result += "  \(writer.call(step.kernel))\n"
      for (number, layer) in plan.neurons(after: index) {
        result += "  fired(model, \(number), \(steps), \(writer.spikes(layer.buffer)));\n"
      }
    }
    return result
  }
}
