import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take long, of which the last would keep one worker busy while the others have nothing to do. */
const LONG = /test\/(processes\/|stores\/databases|vectors\/lifecycle|semantics\/)/u;

/** Starts the files that take long before all others. */
export class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
