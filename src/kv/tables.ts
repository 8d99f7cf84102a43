import { Alerts } from "./alerts.ts";
import { Events } from "./events.ts";
import { Groups } from "./groups.ts";
import { Issues } from "./issues.ts";
import type { TextHash } from "./key-parts.ts";
import { Marks } from "./marks.ts";
import { PendingReleases } from "./pending-releases.ts";
import { Projects } from "./projects.ts";
import { Releases } from "./releases.ts";
import type { Session } from "./session.ts";
import { Tallies } from "./tallies.ts";
import { Users } from "./users.ts";

/** All that is stored, as one transaction of the engine sees it. */
export class Tables {
  readonly session: Session;
  readonly projects: Projects;
  readonly issues: Issues;
  readonly groups: Groups;
  readonly users: Users;
  readonly releases: Releases;
  readonly pendingReleases: PendingReleases;
  readonly marks: Marks;
  readonly events: Events;
  readonly alerts: Alerts;
  readonly tallies: Tallies;

  constructor(session: Session, hash: TextHash) {
    this.session = session;
    this.projects = new Projects(session, hash);
    this.issues = new Issues(session, this.projects);
    this.groups = new Groups(session, this.projects, hash);
    this.users = new Users(session);
    this.releases = new Releases(session, this.projects, hash);
    this.pendingReleases = new PendingReleases(session, this.projects);
    this.marks = new Marks(session, this.projects, this.issues, this.releases);
    this.events = new Events(session, this.projects, this.issues, hash);
    this.alerts = new Alerts(session);
    this.tallies = new Tallies(session, this.projects);
  }
}
