namespace Faafo.OpenStack.Compute;

internal sealed record KeyPairItem(KeyPair Keypair);
