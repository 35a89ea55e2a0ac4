using System.Reflection;
using System.Reflection.Emit;

namespace Faafo.Tests.Conventions;

/// <summary>
/// Finds the types that a type refers to: base types, interfaces, fields, methods' signatures and bodies; and the methods that a method
/// calls. Constants are not found, because the compiler copies their values.
/// </summary>
internal static class TypeReferences
{
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private const byte TwoByteCode = 0xfe;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields(BindingFlags.Static | BindingFlags.Public)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>Finds what a type refers to, itself included or not.</summary>
    public static IEnumerable<Type> Of(Type type)
    {
        IEnumerable<Type?> found =
        [
            type.BaseType,
            .. type.GetInterfaces(),
            .. type.GetFields(Declared).Select(field => field.FieldType),
            .. type.GetConstructors(Declared).SelectMany(OfMethod),
            .. type.GetMethods(Declared).SelectMany(OfMethod),
        ];
        return found.OfType<Type>().SelectMany(Parts).Distinct();
    }

    /// <summary>Finds the methods that a method calls, or takes as a delegate.</summary>
    public static IEnumerable<MethodBase> CallsOf(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            return [];
        }
        var ofType = method.DeclaringType!.GetGenericArguments();
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        return Tokens(code).Select(token => method.Module.ResolveMember(token, ofType, ofMethod)).OfType<MethodBase>();
    }

    private static IEnumerable<Type> OfMethod(MethodBase method)
    {
        var types = method.GetParameters().Select(parameter => parameter.ParameterType).ToList();
        if (method is MethodInfo { ReturnType: var returned })
        {
            types.Add(returned);
        }
        if (method.GetMethodBody() is { } body)
        {
            types.AddRange(body.LocalVariables.Select(local => local.LocalType));
            types.AddRange(body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause)
                .Select(clause => clause.CatchType).OfType<Type>());
            types.AddRange(Tokens(body.GetILAsByteArray()!).SelectMany(token => Resolve(method, token)));
        }
        return types;
    }

    // The metadata tokens among the operands (ECMA-335, III.1.2 and III.1.9).
    private static IEnumerable<int> Tokens(byte[] code)
    {
        var at = 0;
        while (at < code.Length)
        {
            var value = code[at] == TwoByteCode ? (short)(TwoByteCode << 8 | code[++at]) : code[at];
            at++;
            var operand = OpCodes[value].OperandType;
            if (operand is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                yield return BitConverter.ToInt32(code, at);
            }
            at += Length(operand, code, at);
        }
    }

    private static int Length(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => sizeof(byte),
        OperandType.InlineVar => sizeof(short),
        OperandType.InlineI8 or OperandType.InlineR => sizeof(long),
        OperandType.InlineSwitch => sizeof(int) * (1 + BitConverter.ToInt32(code, at)),
        _ => sizeof(int),
    };

    private static IEnumerable<Type> Resolve(MethodBase method, int token)
    {
        var ofType = method.DeclaringType!.GetGenericArguments();
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        return method.Module.ResolveMember(token, ofType, ofMethod) switch
        {
            Type type => [type],
            MethodInfo { IsGenericMethod: true } generic => [.. generic.GetGenericArguments(), .. Owner(generic)],
            { } member => Owner(member),
            _ => [],
        };
    }

    private static IEnumerable<Type> Owner(MemberInfo member) => member.DeclaringType is { } owner ? [owner] : [];

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
        {
            return Parts(type.GetElementType()!);
        }
        return type.IsGenericType ? [type, .. type.GetGenericArguments().SelectMany(Parts)] : [type];
    }
}
