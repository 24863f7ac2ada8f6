package dev.octavo.vector;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * The workspaces of a backend: taken for a run and given back after it, so that a run allocates
 * nothing once there are as many as callers at a time, and successive layers of a network find
 * theirs still in cache.
 *
 * <p>Why not the caller's scratch? Because the hot loops want plain arrays. Measured with native
 * scratch (AMD EPYC, Zen 4): the same tile lost 5 to 40 % to the bounds checks of segments, and 80
 * % once the JVM had met a third kind of segment anywhere, for then every access is a virtual call.
 */
final class Pool {
  private final ArrayBlockingQueue<Workspace> idle =
      new ArrayBlockingQueue<>(Runtime.getRuntime().availableProcessors());

  Workspace take() {
    Workspace workspace = idle.poll();
    return workspace == null ? new Workspace() : workspace;
  }

  /** Keeps a workspace for the next run; drops it where there is one for every processor. */
  void giveBack(Workspace workspace) {
    idle.offer(workspace);
  }
}
