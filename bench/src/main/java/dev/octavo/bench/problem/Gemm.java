package dev.octavo.bench.problem;

/**
 * {@code dst[m,n] = Σ_k lhs[m,k]·rhs[n,k]}.
 *
 * @param m rows of lhs and dst, at least 1
 * @param n columns of dst, at least 1
 * @param k length of every sum, at least 1
 */
public record Gemm(int m, int n, int k) implements Problem {

  public Gemm {
    Extents.atLeast(1, m, "M");
    Extents.atLeast(1, n, "N");
    Extents.atLeast(1, k, "K");
    Extents.fits((long) m * n, "M·N");
    Extents.fits((long) m * k, "M·K");
    Extents.fits((long) n * k, "N·K");
  }

  @Override
  public String kind() {
    return "gemm";
  }

  @Override
  public String text() {
    return m + "," + n + "," + k;
  }

  @Override
  public long multiplyAdds() {
    return (long) m * n * k;
  }

  @Override
  public long weights() {
    return (long) n * k;
  }

  @Override
  public long inputElements() {
    return (long) m * k;
  }

  @Override
  public long outputElements() {
    return (long) m * n;
  }

  @Override
  public int outputChannels() {
    return n;
  }
}
