using System.Net;

namespace VisionBanana.Edge.Configuration;

/// <summary>Reads network addresses.</summary>
public static class AddressKey
{
    /// <summary>An IP address that may be left out.</summary>
    public static IPAddress? OptionalAddress(this YamlSection section, string key)
    {
        if (section.OptionalString(key) is not { } text)
        {
            return null;
        }

        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            return address;
        }

        section.Problem(key, $"expected an IP address such as 127.0.0.1 or 0.0.0.0, found '{text}'");
        return null;
    }
}
