package dev.octavo.conformance.truth.pytorch;

import dev.octavo.ElementType;
import dev.octavo.conformance.truth.Claim;
import dev.octavo.conformance.truth.Library;
import dev.octavo.conformance.truth.SkippedWithout;
import dev.octavo.conformance.truth.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.IntType;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/**
 * PyTorch's libtorch, one thread, one of its quantized engines at a time. Operators are called by
 * name through the dispatcher, as TorchScript calls them: the quantized ones have no C++ name.
 */
enum PyTorch {
  /** The x86 library of its makers. */
  FBGEMM(torch.QEngine.FBGEMM),
  /** The library for phones, which runs on x86 too. */
  QNNPACK(torch.QEngine.QNNPACK),
  /** oneDNN, whatever the operator. */
  ONEDNN(torch.QEngine.ONEDNN),
  /** The default on x86: FBGEMM, or oneDNN for convolutions where it is the faster. */
  X86(torch.QEngine.X86);

  private static final String VERSION;

  /** Skips tests where there is no library for the machine. */
  static final class Absent extends SkippedWithout {
    Absent() {
      super("PyTorch", "org/bytedeco/pytorch", "libtorch_cpu.so", "Run Maven with -Ptruth-all.");
    }
  }

  static {
    torch.set_num_threads(1);
    Matcher version =
        Pattern.compile("TORCH_VERSION=([^,]+)").matcher(torch.show_config().getString());
    VERSION = version.find() ? version.group(1) : "unknown";
  }

  private final torch.QEngine engine;

  PyTorch(torch.QEngine engine) {
    this.engine = engine;
  }

  /** A row of the table. */
  Claim claim(String operator, String recipe) {
    return new Library("PyTorch, " + this, VERSION).claim(operator, recipe);
  }

  /** A row of the table for what is the same with every engine. */
  static Claim claimOfAll(String operator, String recipe) {
    return new Library("PyTorch", VERSION).claim(operator, recipe);
  }

  /** The only result of an operator with this engine. */
  IValue call(String operator, String overload, IValue... arguments) {
    torch.globalContext().setQEngine(engine);
    return invoke(operator, overload, arguments);
  }

  /**
   * The only result of an operator. A copy: {@code get} returns a reference into the vector, whose
   * memory goes with it at the next garbage collection.
   */
  static IValue invoke(String operator, String overload, IValue... arguments) {
    IValueVector stack = new IValueVector(arguments);
    Dispatcher.realSingleton().findSchemaOrThrow(operator, overload).callBoxed(stack);
    IValue result = new IValue(stack.get(0));
    Reference.reachabilityFence(stack);
    return result;
  }

  /** A copy of a tensor of ours. */
  static org.bytedeco.pytorch.Tensor tensor(Tensor ours) {
    org.bytedeco.pytorch.Tensor view =
        torch.from_blob(pointer(ours.data()), ours.extents(), new TensorOptions(type(ours.type())));
    org.bytedeco.pytorch.Tensor copy = view.clone();
    Reference.reachabilityFence(ours.data());
    return copy;
  }

  /** A copy of a tensor of theirs, plain or quantized, dense and with the last axis innermost. */
  static Tensor copy(org.bytedeco.pytorch.Tensor theirs, ElementType type, long... extents) {
    org.bytedeco.pytorch.Tensor plain =
        theirs.is_quantized()
            ? invoke("aten::int_repr", "", new IValue(theirs)).toTensor()
            : theirs;
    plain = plain.contiguous();
    Tensor ours = Tensor.of(type, extents);
    if (plain.numel() != ours.count() || plain.scalar_type().intern() != type(type)) {
      throw new IllegalStateException(
          "PyTorch gives "
              + plain.numel()
              + " of "
              + plain.scalar_type().intern()
              + ", not "
              + ours.count()
              + " of "
              + type);
    }
    Pointer.memcpy(pointer(ours.data()), plain.data_ptr(), ours.data().byteSize());
    Reference.reachabilityFence(plain);
    return ours;
  }

  /** Integers as an argument. */
  static IValue integers(long... values) {
    GenericList list = new GenericList(new Type.TypePtr(IntType.getIntTypePtr().get()));
    for (long value : values) {
      list.push_back(new IValue(value));
    }
    return new IValue(list);
  }

  private static BytePointer pointer(MemorySegment segment) {
    return new BytePointer(segment.asByteBuffer());
  }

  private static torch.ScalarType type(ElementType type) {
    return switch (type) {
      case U8 -> torch.ScalarType.Byte;
      case S8 -> torch.ScalarType.Char;
      case S32 -> torch.ScalarType.Int;
      case F32 -> torch.ScalarType.Float;
    };
  }
}
