// The step that is shown, and the one to go to when another run arrives.

export class StepPosition {
  /** @param {number} index */
  constructor(index) {
    this.index = index;
    /** The step to be at when the run changes next; null to stay. @type {number | null} */
    this.landing = null;
  }

  /**
   * Move to a step, or to the nearest one that exists.
   * @param {number} index
   * @param {number} last
   */
  moveTo(index, last) {
    this.index = Math.min(Math.max(0, index), last);
    this.landing = null;
    return this.index;
  }

  /**
   * Choose a step of a run that has just arrived: where an edit shows, the end if the last run was at its end, or the
   * same step.
   * @param {number} last
   * @param {boolean} wasAtEnd
   */
  arrive(last, wasAtEnd) {
    return this.moveTo(this.landing ?? (wasAtEnd ? last : this.index), last);
  }
}
