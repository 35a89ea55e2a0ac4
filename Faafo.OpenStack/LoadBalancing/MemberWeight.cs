namespace Faafo.OpenStack.LoadBalancing;

internal sealed record MemberWeight(int Weight);
