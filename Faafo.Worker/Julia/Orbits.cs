using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>Eight orbits of z -> z*z + c, one to a lane of a 512-bit vector.</summary>
internal struct Orbits(Vector512<double> real, Vector512<double> imaginary)
{
    public Vector512<double> Real = real;
    public Vector512<double> Imaginary = imaginary;

    /// <summary>One step, rounded as <see cref="ScalarKernel.Draw"/> says: only 2p, which is exact, may be fused with what follows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(Vector512<double> cx, Vector512<double> cy)
    {
        var p = Real * Imaginary;
        Real = (Real * Real) - (Imaginary * Imaginary) + cx;
        Imaginary = Vector512.FusedMultiplyAdd(p, Vector512.Create(2.0), cy);
    }

    /// <summary>
    /// One test and one step. <paramref name="inside"/> has a bit for each lane that has passed all tests so far; the deposit of
    /// its bits adds one to the byte in <paramref name="counts"/> of each lane that passed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TestAndStep(Vector512<double> cx, Vector512<double> cy, ref ulong inside, ref ulong counts)
    {
        var a = Real * Real;
        var b = Imaginary * Imaginary;
        var p = Real * Imaginary;
        inside &= Vector512.LessThanOrEqual(a + b, Vector512.Create(4.0)).ExtractMostSignificantBits();
        counts += Bmi2.X64.ParallelBitDeposit(inside, 0x0101010101010101);
        Real = a - b + cx;
        Imaginary = Vector512.FusedMultiplyAdd(p, Vector512.Create(2.0), cy);
    }
}
