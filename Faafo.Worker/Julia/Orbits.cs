using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Faafo.Worker.Julia;

/// <summary>Eight orbits of z -> z*z + c, one per lane of a 512-bit vector.</summary>
internal struct Orbits(Vector512<double> real, Vector512<double> imaginary)
{
    /// <summary>Real parts.</summary>
    public Vector512<double> Real = real;

    /// <summary>Imaginary parts.</summary>
    public Vector512<double> Imaginary = imaginary;

    /// <summary>
    /// Steps the orbits, rounded as <see cref="ScalarKernel.Draw"/> describes: only 2p, which is exact, may be fused with the addition.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Step(Vector512<double> cx, Vector512<double> cy)
    {
        var p = Real * Imaginary;
        Real = (Real * Real) - (Imaginary * Imaginary) + cx;
        Imaginary = Vector512.FusedMultiplyAdd(p, Vector512.Create(2.0), cy);
    }

    /// <summary>
    /// Does the same as <see cref="Step"/>, with an addition instead of the fused multiplication. On CPUs where two units multiply and two
    /// others add (Zen 4 and 5), a mixture of both in the ratio 3 : 5 takes 1.7 cycles per vector, either one alone takes 2.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StepByAdding(Vector512<double> cx, Vector512<double> cy)
    {
        var p = Real * Imaginary;
        Real = (Real * Real) - (Imaginary * Imaginary) + cx;
        Imaginary = p + p + cy;
    }

    /// <summary>Returns a bit for each lane that is inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Test() =>
        Vector512.LessThanOrEqual((Real * Real) + (Imaginary * Imaginary), Vector512.Create(4.0)).ExtractMostSignificantBits();

    /// <summary>Tests and steps the orbits. Returns 1 in the byte of each lane that was inside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong TestAndStep(Vector512<double> cx, Vector512<double> cy)
    {
        var a = Real * Real;
        var b = Imaginary * Imaginary;
        var p = Real * Imaginary;
        var inside = Vector512.LessThanOrEqual(a + b, Vector512.Create(4.0)).ExtractMostSignificantBits();
        Real = a - b + cx;
        Imaginary = Vector512.FusedMultiplyAdd(p, Vector512.Create(2.0), cy);
        return Deposit(inside);
    }

    /// <summary>Spreads eight bits to the lowest bits of eight bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Deposit(ulong bits) => Bmi2.X64.ParallelBitDeposit(bits, 0x0101010101010101);
}
