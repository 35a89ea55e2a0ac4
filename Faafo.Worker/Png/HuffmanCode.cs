namespace Faafo.Worker.Png;

/// <summary>Optimal prefix codes as deflate needs them: limited in length and canonical (RFC 1951, section 3.2.2).</summary>
internal static class HuffmanCode
{
    /// <summary>
    /// Computes a code length from 1 to <paramref name="longest"/> for each symbol that occurs, and 0 for the others. Two-queue Huffman
    /// over the sorted frequencies. If a length exceeds the limit, the frequencies are flattened and the lengths computed again; that is
    /// rare (a code of n bits needs a total of Fibonacci(n)) and costs a fraction of a percent.
    /// </summary>
    /// <param name="frequencies">The number of occurrences of each symbol; at least one is not 0.</param>
    /// <param name="lengths">Receives the code lengths, one per symbol.</param>
    /// <param name="longest">The limit; 2 to the power of it must exceed the number of symbols.</param>
    public static void Lengths(ReadOnlySpan<int> frequencies, Span<byte> lengths, int longest)
    {
        lengths.Clear();
        Span<int> symbols = stackalloc int[frequencies.Length];
        Span<long> weights = stackalloc long[frequencies.Length];
        var used = 0;
        for (var i = 0; i < frequencies.Length; i++)
        {
            if (frequencies[i] > 0)
            {
                weights[used] = frequencies[i];
                symbols[used++] = i;
            }
        }
        symbols = symbols[..used];
        weights = weights[..used];
        if (used == 1)
        {
            lengths[symbols[0]] = 1;
            return;
        }
        weights.Sort(symbols);
        Span<int> depths = stackalloc int[used];
        for (Depths(weights, depths); depths[0] > longest; Depths(weights, depths))
        {
            foreach (ref var weight in weights)
            {
                weight = (weight + 1) / 2;
            }
        }
        for (var i = 0; i < used; i++)
        {
            lengths[symbols[i]] = (byte)depths[i];
        }
    }

    /// <summary>
    /// Computes the canonical codes: codes of one length increase with the symbol, starting from twice the end of the next shorter ones.
    /// Deflate writes codes from the highest bit and everything else from the lowest, so codes are returned mirrored.
    /// </summary>
    public static void Codes(ReadOnlySpan<byte> lengths, Span<ushort> codes)
    {
        Span<int> next = stackalloc int[17];
        next.Clear();
        foreach (var length in lengths)
        {
            next[length + 1]++;
        }
        next[1] = 0;
        for (var length = 1; length < 17; length++)
        {
            next[length] = (next[length] + next[length - 1]) << 1;
        }
        for (var symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] > 0)
            {
                codes[symbol] = Mirrored(next[lengths[symbol]]++, lengths[symbol]);
            }
        }
    }

    /// <summary>Computes the depth of each leaf of a Huffman tree over ascending weights; the first leaf is the deepest.</summary>
    private static void Depths(ReadOnlySpan<long> weights, Span<int> depths)
    {
        // Nodes 0 to n-1 are the leaves; joined nodes follow in order of creation, which is ascending too.
        var leaves = weights.Length;
        Span<long> joined = stackalloc long[leaves];
        Span<int> parents = stackalloc int[2 * leaves];
        int leaf = 0, node = 0;
        for (var made = 0; made < leaves - 1; made++)
        {
            joined[made] = 0;
            for (var child = 0; child < 2; child++)
            {
                var takeLeaf = leaf < leaves && (node >= made || weights[leaf] <= joined[node]);
                joined[made] += takeLeaf ? weights[leaf] : joined[node];
                parents[takeLeaf ? leaf++ : leaves + node++] = made;
            }
        }
        Span<int> joinedDepths = stackalloc int[leaves];
        joinedDepths[leaves - 2] = 0;
        for (var i = leaves - 3; i >= 0; i--)
        {
            joinedDepths[i] = joinedDepths[parents[leaves + i]] + 1;
        }
        for (var i = 0; i < leaves; i++)
        {
            depths[i] = joinedDepths[parents[i]] + 1;
        }
    }

    private static ushort Mirrored(int code, int length)
    {
        var mirrored = 0;
        for (var i = 0; i < length; i++)
        {
            mirrored |= ((code >> i) & 1) << (length - 1 - i);
        }
        return (ushort)mirrored;
    }
}
