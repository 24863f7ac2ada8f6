package dev.octavo.bench.peers;

import dev.octavo.bench.engines.OneDnn;
import dev.octavo.bench.measure.Contender;
import java.util.ArrayList;
import java.util.List;

/** All peers, whether they are here or not. */
public final class Peers {

  private Peers() {}

  public static List<Contender> all() {
    List<Contender> all = new ArrayList<>();
    for (OneDnn.Cap cap : OneDnn.Cap.values()) {
      all.add(new OneDnnPeer(cap));
    }
    all.add(new MklPeer());
    all.add(new OnnxRuntimePeer());
    return all;
  }
}
