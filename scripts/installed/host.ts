import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "./run.ts";

/** What is there before hosts are. */
export interface Workshop {
  /** The folder that everything is made in. */
  readonly folder: string;
  /** The package, as it would be published. */
  readonly tarball: string;
}

/** npm's versions that hosts install with. */
export type NpmVersion = 10 | 11;

/** The folder of the workshop that has what hosts are made with. */
export const TOOLS = "tools";

/** What a version of npm is called among the tools. */
export function npmPackage(version: NpmVersion): string {
  return `npm-${String(version)}`;
}

/** The programs that hosts run. */
const PROGRAMS = join("test", "installed");

/** What npm says where versions do not go together. */
const COMPLAINT = /ERESOLVE|EBADENGINE|\bpeer\b/iu;

/** A project of somebody who uses the package, in a folder of its own. */
export class Host {
  readonly folder: string;
  readonly workshop: Workshop;

  constructor(workshop: Workshop, manifest: object = {}) {
    this.workshop = workshop;
    this.folder = mkdtempSync(join(workshop.folder, "host-"));
    cpSync(PROGRAMS, this.folder, { recursive: true });
    this.write("package.json", JSON.stringify({ private: true, ...manifest }));
  }

  /** Writes a file. */
  write(name: string, text: string): void {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Makes a folder in this one. */
  makeFolder(name: string): string {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    return folder;
  }

  /** Installs packages beside each other, as npm does without being forced, and fails if it complains of versions. */
  async install(
    packages: readonly string[],
    { npm = 11, options = [] }: { npm?: NpmVersion; options?: readonly string[] } = {},
  ): Promise<void> {
    const unforced = ["--legacy-peer-deps=false", "--force=false", "--no-audit", "--no-fund"];
    const output = await this.npm(npm, ["install", ...unforced, ...options, ...packages]);
    if (COMPLAINT.test(output)) throw new Error(`npm complains:\n${output}`);
    await this.npm(npm, ["ls", "--all"]);
  }

  /** Runs npm. */
  async npm(version: NpmVersion, given: readonly string[], variables: Record<string, string> = {}): Promise<string> {
    const cli = join(this.workshop.folder, TOOLS, "node_modules", npmPackage(version), "bin", "npm-cli.js");
    return run(process.execPath, [cli, ...given], { folder: this.folder, variables });
  }

  /** Runs a program on this Node. */
  async node(...given: string[]): Promise<string> {
    return this.run(process.execPath, ...given);
  }

  /** Runs a command that a package has brought, or any other. */
  async run(command: string, ...given: string[]): Promise<string> {
    return run(command, given, { folder: this.folder });
  }

  /** The path of a command that a package has brought. */
  command(name: string): string {
    return join(this.folder, "node_modules", ".bin", name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
